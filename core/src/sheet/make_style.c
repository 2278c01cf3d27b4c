/* SPDX-License-Identifier: Apache-2.0 */
#include "sheet/make_style.h"

#define FONT   "Times New Roman"
#define EDGE   0xBFBFBF
#define DARK   0x1F3864
#define AREA   0xDCE6F1
#define INNER  0xF2F6FB
#define ENTRY  0xFFFBE0
#define CLOSED 0xE7E6E6
#define PALE   0x7F7F7F

static lxw_format *plain(chiso__styles *s) {
  lxw_format *f = s->xlsx->workbook_add_format(s->workbook);
  if (!f) {
    s->failed = true;
    return NULL;
  }
  s->xlsx->format_set_font_name(f, FONT);
  s->xlsx->format_set_font_size(f, 11);
  s->xlsx->format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
  return f;
}

/* Two digits always, what more there is where it is. */
static const char *points_format(unsigned digits) {
  static const char *const formats[] = { "0",       "0.0",    "0.00",
                                         "0.00#",   "0.00##", "0.00###",
                                         "0.00####" };
  return formats[digits < 7 ? digits : 6];
}

static void set_look(chiso__styles *s, lxw_format *f, chiso__band band,
                     chiso__look look) {
  const chiso__xlsx *x = s->xlsx;
  bool entry = look >= CHISO__LOOK_NUMBER && look <= CHISO__LOOK_NOTE;
  if (band <= CHISO__BAND_INNER)
    x->format_set_bold(f);
  if (entry) {
    x->format_set_unlocked(f);
    x->format_set_bg_color(f, ENTRY);
  } else if (look == CHISO__LOOK_CLOSED) {
    x->format_set_bg_color(f, CLOSED);
    x->format_set_font_color(f, PALE);
  } else if (look >= CHISO__LOOK_HELD) {
    x->format_set_bg_color(f, CLOSED);
  } else if (band <= CHISO__BAND_INNER) {
    x->format_set_bg_color(f, band == CHISO__BAND_AREA ? AREA : INNER);
  }
  if (band == CHISO__BAND_PART &&
      (look == CHISO__LOOK_TEXT || look == CHISO__LOOK_CODE))
    x->format_set_italic(f);
  if (look == CHISO__LOOK_TEXT || look == CHISO__LOOK_NOTE ||
      look == CHISO__LOOK_CHOICE || look >= CHISO__LOOK_CLOSED)
    x->format_set_text_wrap(f);
  if (look == CHISO__LOOK_CHOICE || look == CHISO__LOOK_NOTE ||
      look == CHISO__LOOK_HELD_NOTE || look == CHISO__LOOK_CODE)
    x->format_set_num_format(f, "@"); /* 1.10 stays what was typed */
  else if (look == CHISO__LOOK_WHOLE)
    x->format_set_num_format(f, "#,##0");
  else if (look == CHISO__LOOK_MAX || look == CHISO__LOOK_POINTS)
    x->format_set_num_format(f, points_format(s->digits));
  if (look == CHISO__LOOK_MAX || look == CHISO__LOOK_POINTS ||
      look == CHISO__LOOK_CLOSED || look == CHISO__LOOK_HELD ||
      look == CHISO__LOOK_NUMBER || look == CHISO__LOOK_WHOLE)
    x->format_set_align(f, LXW_ALIGN_CENTER);
}

lxw_format *chiso__style(chiso__styles *s, chiso__band band, chiso__look look) {
  lxw_format **f = &s->cell[band][look];
  if (!*f && (*f = plain(s)) != NULL) {
    s->xlsx->format_set_border(*f, LXW_BORDER_THIN);
    s->xlsx->format_set_border_color(*f, EDGE);
    set_look(s, *f, band, look);
  }
  return *f;
}

lxw_format *chiso__head_style(chiso__styles *s, chiso__head_look look) {
  const chiso__xlsx *x = s->xlsx;
  lxw_format **f = &s->head[look];
  if (*f || !(*f = plain(s)))
    return *f;
  if (look != CHISO__HEAD_TEXT)
    x->format_set_bold(*f);
  switch (look) {
  case CHISO__HEAD_TITLE:
    x->format_set_font_size(*f, 14);
    x->format_set_font_color(*f, DARK);
    break;
  case CHISO__HEAD_UNIT:
    x->format_set_font_size(*f, 12);
    break;
  case CHISO__HEAD_LABEL:
    x->format_set_align(*f, LXW_ALIGN_RIGHT);
    break;
  case CHISO__HEAD_FIGURE:
    x->format_set_num_format(*f, points_format(s->digits));
    x->format_set_align(*f, LXW_ALIGN_CENTER);
    break;
  case CHISO__HEAD_COUNT:
    x->format_set_align(*f, LXW_ALIGN_CENTER);
    break;
  case CHISO__HEAD_COLUMN:
    x->format_set_text_wrap(*f);
    x->format_set_align(*f, LXW_ALIGN_CENTER);
    x->format_set_bg_color(*f, DARK);
    x->format_set_font_color(*f, 0xFFFFFF);
    x->format_set_border(*f, LXW_BORDER_THIN);
    x->format_set_border_color(*f, EDGE);
    break;
  default:
    break;
  }
  return *f;
}

lxw_format *chiso__fault_style(chiso__styles *s) {
  if (!s->fault && (s->fault = plain(s)) != NULL) {
    s->xlsx->format_set_bg_color(s->fault, 0xFFC7CE);
    s->xlsx->format_set_font_color(s->fault, 0x9C0006);
    s->xlsx->format_set_bold(s->fault);
  }
  return s->fault;
}
