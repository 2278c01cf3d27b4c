/* SPDX-License-Identifier: Apache-2.0
 * Unit sets: every way a person names a unit, and none that names two. */
#include "data_fixture.h"

static chiso_units *shipped(const char *file, const char *set) {
  chiso_units *units = NULL;
  chiso_error err = { 0 };
  char path[PATH_ROOM];
  snprintf(path, sizeof path, SHARE_DIR "/units/%s", file);
  good(chiso_units_read(path, set, NULL, &units, &err), &err);
  return units;
}

static chiso_status read_text(const char *text, chiso_units **out,
                              chiso_error *err) {
  folder where = folder_make();
  char path[PATH_ROOM];
  chiso_status status = CHISO_INTERNAL;
  *out = NULL;
  if (put_text(&where, "u.csv", text))
    status = chiso_units_read(in_folder(&where, "u.csv", path), "x/1", NULL,
                              out, err);
  folder_remove(&where);
  return status;
}

static void finds(const chiso_units *units, const char *text,
                  const char *code) {
  size_t place = chiso_units_find(units, text);
  const char *got =
      place == SIZE_MAX ? "" : chiso_units_get(units, place)->code;
  CU_ASSERT_STRING_EQUAL(got, code);
  if (strcmp(got, code) != 0)
    fprintf(stderr, "\n    %s: %s, not %s\n", text, got, code);
}

static void test_spellings(void) {
  chiso_units *units = shipped("vn.provinces-2025.csv", "vn.provinces/2025");
  MUST(units != NULL);
  static const char *const names[][2] = {
    { "66", "66" },
    { "H15", "66" },
    { "h15", "66" },
    { "Đắk Lắk", "66" },
    { "đắk lắk", "66" },
    { "ĐẮK LẮK", "66" },
    { "Dak Lak", "66" },
    { "daklak", "66" },
    { "DakLak", "66" },
    { "Tỉnh Đắk Lắk", "66" },
    { "UBND tỉnh Đắk Lắk", "66" },
    { "Ủy ban nhân dân tỉnh Đắk Lắk", "66" },
    /* decomposed, as macOS names files */
    { "\xc4\x90"
      "a\xcc\x86\xcc\x81k La\xcc\x86\xcc\x81k",
      "66" },
    { "79", "79" },
    { "H29", "79" },
    { "Hồ Chí Minh", "79" },
    { "TP. Hồ Chí Minh", "79" },
    { "TP Hồ Chí Minh", "79" },
    { "Tp.Hồ Chí Minh", "79" },
    { "Thành phố Hồ Chí Minh", "79" },
    { "UBND TP. Hồ Chí Minh", "79" },
    { "TPHCM", "79" },
    { "TP.HCM", "79" },
    { "tp hcm", "79" },
    { "Sài Gòn", "79" },
    { "1", "01" },
    { "001", "01" },
    { "Thành phố Huế", "46" },
    { "TP Huế", "46" },
    { "Tỉnh Huế", "46" },
    { "", "" },
    { " ", "" },
    { "-", "" },
    { "tỉnh", "" },
    { "UBND tỉnh", "" },
    { "0", "" },
    { "00", "" },
    { "999", "" },
    { "Huyện Đắk Lắk", "" },
    { "Sài Gòn 2", "" },
    { "\xff\xfe", "" },
    { "Hà Tây", "" },
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    finds(units, names[i][0], names[i][1]);
  chiso_units_free(units);
}

/* Every unit of every set is found by all that the set says of it. */
static void test_all_names(void) {
  static const char *const sets[] = { "vn.provinces-2008.csv",
                                      "vn.provinces-2025.csv",
                                      "vn.ministries-2008.csv",
                                      "vn.daklak.bodies-2025.csv" };
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    chiso_units *units = shipped(sets[i], "set");
    MUST(units != NULL);
    for (size_t k = 0; k < chiso_units_count(units); k++) {
      const chiso_unit *u = chiso_units_get(units, k);
      finds(units, u->code, u->code);
      finds(units, u->name_vi, u->code);
      if (u->name_en)
        finds(units, u->name_en, u->code);
      const char *lists[] = { u->aliases, u->codes };
      for (size_t l = 0; l < 2; l++)
        for (const char *s = lists[l]; s && *s;
             s += strcspn(s, "|"), s += *s == '|') {
          char one[200];
          snprintf(one, sizeof one, "%.*s", (int)strcspn(s, "|"), s);
          finds(units, one, u->code);
        }
    }
    chiso_units_free(units);
  }
}

static void test_kinds(void) {
  chiso_units *units;
  chiso_error err = { 0 };
  MUST(good(read_text("unit,name_vi,type,aliases\n"
                      "a,Thành phố Cao Lãnh,thành phố,\n"
                      "b,Huyện Cao Lãnh,huyện,\n"
                      "c,Huyện Quan Hóa,huyện,\n"
                      "d,Lắk,huyện,\n"
                      "e,Xã Ea Kao,xã,Chung\n"
                      "f,Tỉnh Sơn La,tỉnh,Chung\n"
                      "g,TX. Buôn Hồ,thị xã,\n",
                      &units, &err),
            &err));
  static const char *const names[][2] = {
    { "Cao Lãnh", "" }, /* which? */
    { "TP. Cao Lãnh", "a" },
    { "Thành phố Cao Lãnh", "a" },
    { "huyện cao lãnh", "b" },
    { "Xã Cao Lãnh", "" },
    { "Quan Hóa", "c" },
    { "Quận Hóa", "c" }, /* the same without marks: only one is there */
    { "Huyện Quan Hóa", "c" },
    { "Huyện Lắk", "d" },
    { "Xã Lắk", "" },
    { "Tỉnh Lắk", "" },
    { "Ea Kao", "e" },
    { "Chung", "" }, /* an alias of two */
    { "Sơn La", "f" },
    { "Thị xã Buôn Hồ", "g" },
    { "TX Buôn Hồ", "g" },
    { "UBND thị xã Buôn Hồ", "g" },
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    finds(units, names[i][0], names[i][1]);
  chiso_units_free(units);
}

static void test_nearest(void) {
  chiso_units *units = shipped("vn.provinces-2008.csv", "vn.provinces/2008");
  MUST(units != NULL);
  size_t near = chiso_units_nearest(units, "UBND tỉnh Đắc Lăk");
  MUST(near != SIZE_MAX);
  CU_ASSERT_STRING_EQUAL(chiso_units_get(units, near)->code, "66");
  CU_ASSERT(chiso_units_nearest(units, "Atlantis") == SIZE_MAX);
  CU_ASSERT(chiso_units_nearest(units, "") == SIZE_MAX);
  CU_ASSERT(chiso_units_nearest(units, "\xff") == SIZE_MAX);
  CU_ASSERT_STRING_EQUAL(chiso_units_set(units), "vn.provinces/2008");
  chiso_units_free(units);
}

static void test_years(void) {
  chiso_unit u = { .not_assessed = "2012-2014|2016", .not_ranked = "2017" };
  for (uint16_t year = 2010; year < 2020; year++) {
    bool out = (year >= 2012 && year <= 2014) || year == 2016;
    CU_ASSERT_EQUAL(chiso_unit_assessed(&u, year), !out);
    CU_ASSERT_EQUAL(chiso_unit_ranked(&u, year), !out && year != 2017);
  }
  chiso_unit none = { .code = "x" };
  CU_ASSERT(chiso_unit_assessed(&none, 2020) && chiso_unit_ranked(&none, 2020));
}

static void test_refused(void) {
  static const struct {
    const char *text;
    unsigned line, column;
  } bad[] = {
    { "unit,name_vi,not_assessed\na,A,2012-\n", 2, 3 },
    { "unit,name_vi,not_assessed\na,A,-2012\n", 2, 3 },
    { "unit,name_vi,not_assessed\na,A,2019-2012\n", 2, 3 },
    { "unit,name_vi,not_assessed\na,A,2012-2013-2014\n", 2, 3 },
    { "unit,name_vi,not_ranked\na,A,2012||2013\n", 2, 3 },
    { "unit,name_vi,not_ranked\na,A,20120\n", 2, 3 },
    { "unit,name_vi,not_ranked\na,A,x\n", 2, 3 },
    { "unit,name_vi\na,A\nA,B\n", 3, 1 },
    { "unit,name_vi,codes\na,A,H1\nb,B,H2|h1\n", 3, 3 },
    { "unit,name_vi\na,A\n,B\n", 3, 1 },
    { "unit,name_vi\na,A\nb,\n", 3, 2 },
    { "unit,name_vi,color\na,A,red\n", 1, 3 },
    { "unit\na\n", 1, 0 },
    { "unit,name_vi\n", 0, 0 },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    chiso_units *units;
    chiso_error err = { 0 };
    CU_ASSERT_EQUAL(read_text(bad[i].text, &units, &err), CHISO_BAD_DATA);
    CU_ASSERT(units == NULL);
    CU_ASSERT(err.line == bad[i].line && err.column == bad[i].column);
    if (err.line != bad[i].line || err.column != bad[i].column)
      fprintf(stderr, "\n    %s -> %u:%u\n", bad[i].text, (unsigned)err.line,
              (unsigned)err.column);
  }
}

SUITE_MAIN({ "spellings", test_spellings }, { "all names", test_all_names },
           { "kinds", test_kinds }, { "nearest", test_nearest },
           { "years", test_years }, { "refused", test_refused })
