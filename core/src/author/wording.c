/* SPDX-License-Identifier: Apache-2.0
 * author/wording.c - the wording of a rule as a whole: its lines, the points of
 * each, and what kind of rule they make. */
#include "author/wording.h"
#include "base/dec.h"

#include <string.h>

#include "base/text.h"

#define MOST_LINES 64

/* One line of a rule, as written and folded. */
typedef struct line {
  const char *text, *plain;
  bool has_points;
  chiso__condition condition;
} line;

typedef struct lines {
  line list[MOST_LINES];
  size_t count;
  const char *plain; /* the whole rule, folded */
} lines;

void chiso__wording_note(chiso__wording *w, chiso_reading reading,
                         chiso__message message, ...) {
  chiso_error sentence = { .lang = w->lang };
  va_list args;
  va_start(args, message);
  chiso__fail_with(&sentence, CHISO_OK, (chiso__place) { 0 }, message, args);
  va_end(args);
  if (w->note->size)
    chiso__buffer_text(w->note, "; ");
  chiso__buffer_text(w->note, sentence.text);
  if (reading > w->reading)
    w->reading = reading;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool has(const char *plain, const char *const *words) {
  for (; *words; words++)
    if (strstr(plain, *words))
      return true;
  return false;
}

/* ---- lines --------------------------------------------------------------- */

/* Past bullets and letters of a list: "- ", "+ ", "a) ", "1) ". */
static const char *past_bullet(const char *s) {
  for (;;) {
    s += strspn(s, " \t\r\n");
    if (*s == '-' || *s == '+' || *s == '*')
      s++;
    else if (strncmp(s, "\xc2\xa0", 2) == 0)
      s += 2;
    else if (strncmp(s, "\xe2\x80\xa2", 3) == 0 || /* bullet, dashes */
             strncmp(s, "\xe2\x80\x93", 3) == 0 ||
             strncmp(s, "\xe2\x80\x94", 3) == 0)
      s += 3;
    else if (s[0] && s[1] == ')' && s[2] == ' ')
      s += 2;
    else
      return s;
  }
}

static bool ends_with(const char *text, size_t size, const char *word) {
  size_t n = strlen(word);
  return size >= n && memcmp(text + size - n, word, n) == 0;
}

/* Where a line of the rule ends: at ';', at the end of a line, and at a full
 * stop after points. */
static size_t line_size(const char *s) {
  size_t i = 0;
  for (; s[i]; i++) {
    if (s[i] == ';' || s[i] == '\n' || s[i] == '\r')
      return i;
    bool stop = (s[i] == '.' || s[i] == ',') && s[i + 1] == ' ';
    if (stop &&
        (ends_with(s, i, "\xc4\x91i\xe1\xbb\x83m") || ends_with(s, i, "diem")))
      return i;
    if (stop && s[i] == '.' && i > 0 &&
        (is_digit(s[i - 1]) || strchr("%)", s[i - 1])) && !is_digit(s[i + 2]))
      return i;
  }
  return i;
}

static const char *trimmed(chiso__wording *w, const char *from, size_t size) {
  while (size && strchr(" \t.,:=", from[size - 1]))
    size--;
  const char *kept = chiso__arena_text(w->arena, from, size);
  w->failed |= !kept;
  return kept ? kept : "";
}

/* ---- points of a line ---------------------------------------------------- */

/* What may follow points: "điểm", "đ", a bracket with a remark. */
static bool only_unit(const char *s) {
  s += strspn(s, " ");
  if (strncmp(s, "diem", 4) == 0)
    s += 4;
  else if (*s == 'd' && (s[1] < 'a' || s[1] > 'z'))
    s++;
  s += strspn(s, " .,)");
  return *s == '\0' || *s == '(';
}

static bool full_points(const char *s) {
  static const char *const words[] = { "diem toi da",      "dat diem toi da",
                                       "du diem",          "tinh diem toi da",
                                       "duoc diem toi da", NULL };
  s += strspn(s, " ");
  for (const char *const *word = words; *word; word++)
    if (strncmp(s, *word, strlen(*word)) == 0 && only_unit(s + strlen(*word)))
      return true;
  return false;
}

static bool no_points(const char *s) {
  static const char *const words[] = { "khong co diem",   "khong duoc diem",
                                       "khong tinh diem", "khong diem",
                                       "khong cham diem", NULL };
  s += strspn(s, " ");
  for (const char *const *word = words; *word; word++)
    if (strncmp(s, *word, strlen(*word)) == 0 && only_unit(s + strlen(*word)))
      return true;
  return false;
}

/* Points that a text consists of. */
static bool whole_points(const chiso__wording *w, const char *s,
                         chiso_dec *out) {
  const char *end;
  s += strspn(s, " ");
  if (full_points(s))
    *out = w->node->max;
  else if (no_points(s))
    *out = 0;
  else
    return chiso__lead_number(s, out, &end) && only_unit(end);
  return true;
}

/* The length of the condition in a folded line, and its points: after the last
 * colon, after a word that gives them, or at the end before "điểm". */
static bool split_points(const chiso__wording *w, const char *plain,
                         size_t *size, chiso_dec *points) {
  static const char *const words[] = { "thi diem danh gia la",
                                       "diem danh gia la",
                                       "thi duoc",
                                       "duoc tinh",
                                       "thi dat",
                                       "thi cham",
                                       "thi khong",
                                       "duoc cham",
                                       "thi tinh",
                                       " duoc ",
                                       " thi ",
                                       " cham ",
                                       " dat ",
                                       " tinh ",
                                       " = ",
                                       " - ",
                                       "=>",
                                       "(",
                                       " khong co diem",
                                       " khong tinh diem",
                                       " khong diem",
                                       NULL };
  const char *colon = strrchr(plain, ':');
  if (colon && whole_points(w, colon + 1, points)) {
    *size = (size_t)(colon - plain);
    return true;
  }
  for (const char *const *word = words; *word; word++)
    for (const char *at = plain; (at = strstr(at, *word)) != NULL; at++) {
      const char *rest = at + strlen(*word);
      bool none = strstr(*word, "khong") != NULL;
      rest += strncmp(rest, " la", 3) == 0 ? 3 : 0;
      if (none ? no_points(at + (strncmp(*word, "thi", 3) == 0 ? 4 : 0))
               : whole_points(w, rest, points) &&
                     (strstr(rest, "diem") || strstr(*word, "diem") ||
                      strcmp(*word, " = ") == 0 || strcmp(*word, "=>") == 0)) {
        if (none)
          *points = 0;
        *size = (size_t)(at - plain);
        return true;
      }
    }
  return false;
}

/* How much of the text as written folds to `size` bytes. Folding goes character
 * by character, and one of ASCII stays one. */
static size_t written_size(chiso__wording *w, const char *text, size_t size) {
  size_t at = 0, folded = 0;
  while (text[at] && folded < size) {
    size_t n = 1;
    while (((unsigned char)text[at + n] & 0xc0u) == 0x80u)
      n++;
    if (n > 1) {
      const char *one = chiso__arena_text(w->arena, text + at, n);
      const char *plain = one ? chiso__text_plain(w->arena, one) : NULL;
      w->failed |= !plain;
      folded += plain ? strlen(plain) : 1;
    } else {
      folded++;
    }
    at += n;
  }
  return at;
}

static void add_line(chiso__wording *w, lines *out, const char *from,
                     size_t size) {
  const char *begin = past_bullet(from);
  if (begin >= from + size || out->count == MOST_LINES)
    return;
  line *l = &out->list[out->count];
  *l = (line) { .text = trimmed(w, begin, (size_t)(from + size - begin)) };
  l->plain = chiso__text_plain(w->arena, l->text);
  if (!l->plain) {
    w->failed = true;
    return;
  }
  if (l->plain[strspn(l->plain, " ")] == '\0')
    return;
  out->count++;
  size_t length;
  l->has_points = split_points(w, l->plain, &length, &l->condition.points);
  if (!l->has_points)
    return;
  size_t written = written_size(w, l->text, length);
  l->condition.text = trimmed(w, l->text, written);
  const char *plain = chiso__arena_text(w->arena, l->plain, length);
  if (plain)
    chiso__condition_read(plain, &l->condition);
  w->failed |= !plain;
}

static void read_lines(chiso__wording *w, lines *out) {
  const char *s = w->text;
  out->count = 0;
  out->plain = chiso__text_plain(w->arena, s);
  if (!out->plain) {
    w->failed = true;
    out->plain = "";
  }
  while (*s && !w->failed) {
    size_t size = line_size(s);
    add_line(w, out, s, size);
    s += size + (s[size] != '\0');
  }
}

/* ---- formulas ------------------------------------------------------------ */

/* "a là tổng số …": the meaning of a letter, up to the end of its clause. */
static const char *meaning(chiso__wording *w, char letter) {
  static const char is[] = " l\xc3\xa0 ";
  for (const char *s = w->text; (s = strchr(s, letter)) != NULL; s++) {
    bool alone = s == w->text || strchr(" \n\t:;,.-+(", s[-1]);
    const char *from = s + 1;
    if (alone && *from == ':')
      from++;
    else if (!alone || strncmp(from, is, sizeof is - 1) != 0)
      continue;
    else
      from += sizeof is - 1;
    from += strspn(from, " ");
    size_t size = strcspn(from, ";\n\r");
    const char *stop = strstr(from, ". ");
    if (stop && (size_t)(stop - from) < size)
      size = (size_t)(stop - from);
    /* ", b là …" ends it as well */
    for (size_t i = 0; i + 3 < size; i++)
      if (from[i] == ',' && from[i + 1] == ' ' &&
          strncmp(from + i + 3, is, sizeof is - 1) == 0)
        size = i;
    return trimmed(w, from, size);
  }
  return NULL;
}

/* The letters of "b/a" in a folded text; false when there are none. */
static bool letters_of(const char *plain, char *num, char *den) {
  for (const char *s = strchr(plain, '/'); s; s = strchr(s + 1, '/')) {
    const char *before = s, *after = s + 1 + strspn(s + 1, " (");
    while (before > plain && strchr(" )", before[-1]))
      before--;
    if (before == plain || before[-1] < 'a' || before[-1] > 'z' ||
        *after < 'a' || *after > 'z')
      continue;
    bool alone = (before - 1 == plain || strchr(" (=:*x", before[-2])) &&
                 (after[1] == '\0' || strchr(" )*x.,;%\n", after[1]));
    if (!alone)
      continue;
    *num = before[-1];
    *den = *after;
    return true;
  }
  return false;
}

/* "(b/a)*1,50": the quotient times the maximum in figures. */
static bool times_max(const chiso__wording *w, const char *plain) {
  for (const char *s = plain; (s = strpbrk(s, "*x")) != NULL; s++) {
    chiso_dec factor;
    const char *end;
    if (chiso__lead_number(s + 1, &factor, &end) && factor == w->node->max &&
        *end != '%')
      return true;
  }
  return false;
}

/* "Số … đúng hạn / tổng số …": the words on both sides of a stroke. */
static bool words_of(chiso__wording *w, const lines *all) {
  for (size_t i = 0; i < all->count; i++) {
    const char *stroke = strstr(all->list[i].text, " / ");
    if (!stroke)
      continue;
    const char *left = all->list[i].text, *right = stroke + 3;
    const char *colon = strchr(left, ':');
    if (colon && colon < stroke)
      left = past_bullet(colon + 1);
    const char *plain = chiso__text_plain(w->arena, left);
    if (!plain ||
        (strncmp(plain, "so ", 3) != 0 && strncmp(plain, "tong ", 5) != 0 &&
         strncmp(plain, "(so ", 4) != 0))
      continue;
    const char *stop = strstr(right, ". ");
    w->node->numerator = trimmed(w, left, (size_t)(stroke - left));
    w->node->denominator =
        trimmed(w, right, stop ? (size_t)(stop - right) : strlen(right));
    return true;
  }
  return false;
}

/* What the lines beside the formula say: a floor, or something else. */
static void ratio_bounds(chiso__wording *w, const lines *all) {
  for (size_t i = 0; i < all->count; i++) {
    const chiso__condition *c = &all->list[i].condition;
    if (!all->list[i].has_points || c->kind != CHISO__CONDITION_RANGE ||
        !c->percent)
      continue;
    if (c->points == 0 && c->has_hi && !c->has_lo) {
      w->node->floor = c->hi;
      if (c->hi_in)
        chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_FLOOR);
    } else if (!(c->points == w->node->max && c->has_lo &&
                 c->lo == CHISO_DEC_ONE)) {
      chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_BESIDE_FORMULA,
                          all->list[i].text);
    }
  }
}

static bool read_ratio(chiso__wording *w, const lines *all) {
  static const char *const words[] = { "x diem toi da",       "* diem toi da",
                                       "diem toi da x",       "diem toi da *",
                                       "diem chuan x",        "x diem chuan",
                                       "nhan diem toi da",    "nhan voi diem",
                                       "theo cong thuc",      "tinh theo ty le",
                                       "tuong ung voi ty le", "tuong ung ty le",
                                       "theo ty le %",        "ty le % x",
                                       "theo ti le",          NULL };
  char num = 0, den = 0;
  bool letters = letters_of(all->plain, &num, &den);
  bool named = has(all->plain, words) || (letters && times_max(w, all->plain));
  bool strokes = !letters && words_of(w, all);
  if (!letters && !named && !strokes)
    return false;
  w->node->op = CHISO_OP_RATIO;
  w->node->target = w->node->cap = CHISO_DEC_ONE;
  w->node->floor = CHISO_NONE;
  chiso__wording_quotient(w);
  if (letters) {
    w->node->numerator = meaning(w, num);
    w->node->denominator = meaning(w, den);
  }
  if (!letters && !strokes)
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_NO_QUOTIENT);
  else if (!named && !strokes)
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_ASSUMED_RATIO);
  else if (!w->node->numerator || !w->node->denominator)
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_NO_QUOTIENT);
  ratio_bounds(w, all);
  return true;
}

/* ---- deductions ---------------------------------------------------------- */

/* "trừ 0,1 điểm cho mỗi …", "mỗi … trừ 0,25 điểm". */
static bool read_penalty(chiso__wording *w, const lines *all) {
  const char *minus = NULL, *end;
  chiso_dec per = 0;
  for (const char *s = all->plain; (s = strstr(s, "tru ")) != NULL; s += 4) {
    const char *number = s + 4 + strspn(s + 4, " ");
    if (strncmp(number, "di ", 3) == 0)
      number += 3;
    if (chiso__lead_number(number, &per, &end) && per > 0) {
      minus = s;
      break;
    }
  }
  if (!minus || (!strstr(all->plain, "moi") && !strstr(all->plain, "cu ")))
    return false;
  w->node->op = CHISO_OP_PENALTY;
  w->node->per = per;
  w->node->lo = 0;
  w->node->inputs =
      chiso__standard_inputs(CHISO_OP_PENALTY, &w->node->n_inputs);
  if (strstr(minus + 4, "tru ") && !strstr(minus + 4, "tru toi da"))
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_TWO_PENALTIES);
  return true;
}

/* ---- surveys and other indices ------------------------------------------- */

static bool read_survey(chiso__wording *w, const lines *all) {
  static const char *const words[] = { "dieu tra xa hoi hoc",
                                       "dtxhh",
                                       "dieu tra xhh",
                                       "xa hoi hoc",
                                       "phieu khao sat",
                                       "khao sat",
                                       NULL };
  if (!has(all->plain, words))
    return false;
  w->node->assessor = CHISO_BY_SURVEY;
  w->node->op = CHISO_OP_MANUAL;
  w->node->inputs = chiso__standard_inputs(CHISO_OP_MANUAL, &w->node->n_inputs);
  chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_SURVEY);
  return true;
}

/* ---- the rule ------------------------------------------------------------ */

static void manual(chiso__wording *w) {
  w->node->op = CHISO_OP_MANUAL;
  w->node->steps = NULL;
  w->node->n_steps = 0;
  w->node->otherwise = 0;
  w->node->inputs = chiso__standard_inputs(CHISO_OP_MANUAL, &w->node->n_inputs);
}

/* The lines that give points, one after the other. */
static size_t conditions(const lines *all, chiso__condition *out) {
  size_t count = 0;
  for (size_t i = 0; i < all->count; i++)
    if (all->list[i].has_points && all->list[i].condition.text[0])
      out[count++] = all->list[i].condition;
  return count;
}

static chiso_dec best_points(const chiso__condition *list, size_t count) {
  chiso_dec best = 0;
  for (size_t i = 0; i < count; i++)
    if (list[i].points > best)
      best = list[i].points;
  return best;
}

/* Why a rule whose points were read is no rule after all. */
static void explain(chiso__wording *w, const lines *all,
                    const chiso__condition *list, size_t count) {
  char best[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
  chiso__dec_say(best_points(list, count), w->lang, best);
  chiso__dec_say(w->node->max, w->lang, max);
  if (count > 0 && best_points(list, count) != w->node->max)
    chiso__wording_note(w, CHISO_READING_MANUAL, MSG_AUTHOR_BEST, best, max);
  else if (all->count > 0)
    chiso__wording_note(w, CHISO_READING_MANUAL, MSG_AUTHOR_NOT_UNDERSTOOD);
  else
    chiso__wording_note(w, CHISO_READING_MANUAL, MSG_AUTHOR_NO_RULE);
}

void chiso__wording_read(chiso__wording *w) {
  lines all;
  chiso__condition list[MOST_LINES];
  size_t noted = w->note->size;
  manual(w);
  read_lines(w, &all);
  size_t count = conditions(&all, list), ranges = 0;
  for (size_t i = 0; i < count; i++)
    ranges += list[i].kind == CHISO__CONDITION_RANGE;
  if (read_penalty(w, &all))
    return;
  bool formula = read_ratio(w, &all);
  if (formula && ranges < 2)
    return;
  if (formula) { /* steps beside it win only when they are all there is */
    bool mixed = ranges < all.count;
    if (mixed)
      return;
    w->note->size = noted;
    w->reading = CHISO_READING_UNDERSTOOD;
  }
  if (ranges > 0 && chiso__wording_steps(w, list, count))
    return;
  if (ranges > 0) {
    w->note->size = noted;
    w->reading = CHISO_READING_UNDERSTOOD;
  }
  if (count > 0 && chiso__wording_choice(w, list, count)) {
    if (ranges > 0)
      chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_AS_CHOICE);
    return;
  }
  manual(w);
  if (count == 0 && read_survey(w, &all))
    return;
  explain(w, &all, list, count);
}
