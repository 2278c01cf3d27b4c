/* SPDX-License-Identifier: Apache-2.0
 * model/members.h - the structs of chiso/plugin.h as tables, with the minor
 * each member came with. Writing a plugin's source, copying a plugin's tables
 * and building for an older host all walk them. */
#ifndef CHISO_MODEL_MEMBERS_H
#define CHISO_MODEL_MEMBERS_H

#include "model/model.h"

typedef enum chiso__member_type {
  CHISO__MEMBER_TEXT, /* const char * */
  CHISO__MEMBER_DEC,
  CHISO__MEMBER_NUMBER8,
  CHISO__MEMBER_NUMBER16,
  CHISO__MEMBER_NUMBER32,
  CHISO__MEMBER_NAME8, /* a constant of a family */
  CHISO__MEMBER_NAME32,
  CHISO__MEMBER_DATE,
  CHISO__MEMBER_LIST,    /* elements of another struct */
  CHISO__MEMBER_TEXTS,   /* a list of texts */
  CHISO__MEMBER_RESERVED /* bytes that are zero until a minor names them */
} chiso__member_type;

typedef struct chiso__struct chiso__struct;

typedef struct chiso__member {
  const char *name;
  chiso__member_type type;
  chiso_family family; /* NAME */
  size_t offset;
  const chiso__struct *of; /* LIST */
  size_t count;            /* LIST, TEXTS: where the uint32_t count is;
                              RESERVED: bytes */
  uint32_t most;           /* LIST, TEXTS: elements that a plugin may have */
  unsigned since;          /* the minor it came with */
} chiso__member;

struct chiso__struct {
  const char *name; /* "chiso_node" */
  size_t size;      /* in this core */
  size_t least;     /* in minor 0: no plugin's is shorter */
  size_t stride;    /* where chiso_index has it; 0: it never grows */
  const chiso__member *members;
  size_t n_members;
};

/* chiso_index, from which all others are reached. */
extern const chiso__struct chiso__index_struct;

/* Helpers that read a member of any alignment out of `base`. */
const char *chiso__member_text(const chiso__member *member, const void *base);
uint32_t chiso__member_number(const chiso__member *member, const void *base);
const void *chiso__member_array(const chiso__member *member, const void *base);
uint32_t chiso__member_count(const chiso__member *member, const void *base);
/* Whether anything but zero stands there; whether a list has elements. */
bool chiso__member_is_set(const chiso__member *member, const void *base);

/* The name of a constant in chiso/plugin.h, or NULL; the minor it came with. */
const char *chiso__constant(chiso_family family, unsigned value);
unsigned chiso__constant_since(chiso_family family, unsigned value);

/* Refuses what came after `minor`, with the node that has it. */
chiso_status chiso__abi_fits(const chiso_methodology *methodology,
                             unsigned minor, chiso_error *err);

#endif
