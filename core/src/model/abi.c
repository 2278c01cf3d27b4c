/* SPDX-License-Identifier: Apache-2.0
 * model/abi.c - whether a methodology can be told to hosts of an earlier
 * minor: the tables of members.c and names.c know what came when. */
#include <stdio.h>
#include <string.h>

#include "model/members.h"

typedef struct fitting {
  const chiso_methodology *m;
  unsigned minor;
  uint32_t node; /* where the walk stands, or CHISO_NO_NODE */
  chiso_error *err;
} fitting;

static chiso_status refuse(const fitting *f, const char *what, unsigned since) {
  const chiso_index *ix = &f->m->index;
  bool inside = f->node != CHISO_NO_NODE;
  chiso__place place = { .file = f->m->file };
  if (inside)
    place = chiso__node_place(f->m, f->node);
  return chiso__fail(f->err, CHISO_BAD_DATA, place, MSG_ABI_LATER,
                     inside ? ix->nodes[f->node].id : f->m->name, what,
                     CHISO_ABI_MAJOR, since, CHISO_ABI_MAJOR, f->minor);
}

static chiso_status check_struct(fitting *f, const chiso__struct *of,
                                 const void *base);

static chiso_status check_list(fitting *f, const chiso__member *member,
                               const void *base) {
  const char *elements = chiso__member_array(member, base);
  bool nodes = elements == (const char *)f->m->index.nodes;
  for (uint32_t i = 0; i < chiso__member_count(member, base); i++) {
    if (nodes)
      f->node = i;
    CHISO__TRY(check_struct(f, member->of, elements + i * member->of->size));
  }
  if (nodes)
    f->node = CHISO_NO_NODE;
  return CHISO_OK;
}

static chiso_status check_constant(const fitting *f,
                                   const chiso__member *member,
                                   const void *base) {
  uint32_t value = chiso__member_number(member, base);
  unsigned since = chiso__constant_since(member->family, value);
  if (since <= f->minor)
    return CHISO_OK;
  char what[96];
  snprintf(what, sizeof what, "%s %s", member->name,
           chiso_key(member->family, value));
  return refuse(f, what, since);
}

static chiso_status check_struct(fitting *f, const chiso__struct *of,
                                 const void *base) {
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    if (!chiso__member_is_set(member, base))
      continue;
    if (member->since > f->minor)
      return refuse(f, member->name, member->since);
    if (member->type == CHISO__MEMBER_LIST)
      CHISO__TRY(check_list(f, member, base));
    if (member->type == CHISO__MEMBER_NAME8 ||
        member->type == CHISO__MEMBER_NAME32)
      CHISO__TRY(check_constant(f, member, base));
  }
  return CHISO_OK;
}

chiso_status chiso__abi_fits(const chiso_methodology *methodology,
                             unsigned minor, chiso_error *err) {
  fitting f = { methodology, minor, CHISO_NO_NODE, err };
  if (minor > CHISO_ABI_MINOR)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_ABI_UNKNOWN, CHISO_ABI_MAJOR,
                       minor, CHISO_VERSION, CHISO_ABI_MAJOR, CHISO_ABI_MINOR);
  return check_struct(&f, &chiso__index_struct, &methodology->index);
}
