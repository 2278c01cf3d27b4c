/* SPDX-License-Identifier: Apache-2.0
 * The wording of rules as annexes have them, and what is made of it. */
#include <string.h>

#include "author/annex.h"
#include "author/wording.h"
#include "base/dec.h"
#include "base/text.h"
#include "suite.h"

#define DEC(points) ((chiso_dec)((points)*1000000 + 0.5))

/* "step >=0.3:1 >=0.2:0.5 else:0 num/den" */
static void describe(const chiso_node *n, chiso__buffer *b) {
  char at[CHISO_DEC_TEXT], points[CHISO_DEC_TEXT];
  chiso__buffer_text(b, chiso_key(CHISO_FAMILY_OP, n->op));
  for (uint32_t i = 0; i < n->n_steps; i++) {
    chiso__dec_print(n->steps[i].at, at);
    chiso__dec_print(n->steps[i].points, points);
    if (n->op == CHISO_OP_CHOICE)
      chiso__buffer_print(b, " %s:%s", n->steps[i].key, points);
    else
      chiso__buffer_print(b, " %s%s:%s",
                          chiso_key(CHISO_FAMILY_CMP, n->steps[i].cmp), at,
                          points);
  }
  chiso__dec_print(n->otherwise, points);
  if (n->op == CHISO_OP_STEP)
    chiso__buffer_print(b, " else:%s %s", points,
                        n->n_inputs == 2 ? "num/den" : n->inputs[0].key);
  chiso__dec_print(n->per, points);
  if (n->op == CHISO_OP_PENALTY)
    chiso__buffer_print(b, " %s", points);
  if (n->op == CHISO_OP_RATIO && n->floor != CHISO_NONE) {
    chiso__dec_print(n->floor, points);
    chiso__buffer_print(b, " floor:%s", points);
  }
  if (n->numerator)
    chiso__buffer_print(b, " [%s", n->numerator);
  if (n->denominator)
    chiso__buffer_print(b, " / %s]", n->denominator);
}

typedef struct sample {
  const char *text;
  double max;
  const char *want;
  chiso_reading reading;
} sample;

static const sample samples[] = {
  /* steps of shares */
  { "Từ 30% trở lên: 0,5; từ 20% đến dưới 30%: 0,25; dưới 20%: 0", 0.5,
    "step >=0.3:0.5 >=0.2:0.25 else:0 num/den", CHISO_READING_UNDERSTOOD },
  { "Đạt 100%: 1 điểm\nTừ 80% đến dưới 100%: 0,5 điểm\nDưới 80%: 0 điểm", 1,
    "step >=1:1 >=0.8:0.5 else:0 num/den", CHISO_READING_UNDERSTOOD },
  { "Hoàn thành đúng tiến độ 100% nhiệm vụ, chỉ tiêu được giao: 10; từ 90% đến "
    "dưới 100%: 8; từ 80% đến dưới 90%: 6; từ 70% đến dưới 80%: 4; dưới 70%: 0",
    10, "step >=1:10 >=0.9:8 >=0.8:6 >=0.7:4 else:0 num/den",
    CHISO_READING_UNDERSTOOD },
  { "Trên 90%: 2 điểm; từ 70% - 90%: 1 điểm; dưới 70%: 0 điểm", 2,
    "step >0.9:2 >=0.7:1 else:0 num/den", CHISO_READING_UNDERSTOOD },
  { "≥ 95%: 1; ≥ 90%: 0.5; < 90%: 0", 1,
    "step >=0.95:1 >=0.9:0.5 else:0 num/den", CHISO_READING_UNDERSTOOD },
  { "Từ 30% trở lên: 1; từ 25% đến dưới 30%: 0,5; dưới 25%: 0,25; không thực "
    "hiện: 0",
    1, "step >=0.3:1 >=0.25:0.5 >0:0.25 else:0 num/den", CHISO_READING_CHECK },
  { "Từ 20% đến 30%: 0,5; từ 30% trở lên: 1; dưới 20%: 0", 1,
    "step >=0.3:1 >=0.2:0.5 else:0 num/den", CHISO_READING_CHECK },
  { "Trên 30%: 1; dưới 30%: 0,5", 1, "step >0.3:1 else:0.5 num/den",
    CHISO_READING_CHECK },
  { "Từ 80% trở lên: 1; từ 50% đến dưới 80%: 0,5", 1,
    "step >=0.8:1 >=0.5:0.5 else:0 num/den", CHISO_READING_CHECK },
  { "Dưới 5%: 1,5 điểm; từ 5% đến 10%: 1 điểm; trên 10%: không có điểm", 1.5,
    "step <0.05:1.5 <=0.1:1 else:0 num/den", CHISO_READING_UNDERSTOOD },
  { "Tỷ lệ đạt từ 99,5% trở lên được 2 điểm; từ 95% đến dưới 99,5% được 1 "
    "điểm; "
    "còn lại: 0 điểm",
    2, "step >=0.995:2 >=0.95:1 else:0 num/den", CHISO_READING_UNDERSTOOD },
  /* counts */
  { "Từ 2 sáng kiến hoặc giải pháp mới: 10; có 1: 5; không có: 0", 10,
    "step >=2:10 >=1:5 else:0 count", CHISO_READING_UNDERSTOOD },
  { "Có từ 02 sáng kiến trở lên: 1 điểm. Có 1 sáng kiến: 0,5 điểm. Không có "
    "sáng kiến: 0 điểm.",
    1, "step >=2:1 >=1:0.5 else:0 count", CHISO_READING_UNDERSTOOD },
  { "3 hình thức trở lên: 0,5; 2 hình thức: 0,25; dưới 2 hình thức: 0", 0.5,
    "step >=3:0.5 >=2:0.25 else:0 count", CHISO_READING_UNDERSTOOD },
  /* states */
  { "Ban hành kịp thời: 0.5; không kịp thời: 0", 0.5,
    "choice ban_hanh_kip_thoi:0.5 khong_kip_thoi:0", CHISO_READING_UNDERSTOOD },
  { "- Ban hành kịp thời (trước 31/12): 1\n- Ban hành sau 31/12: 0,5\n- Không "
    "ban "
    "hành: 0",
    1,
    "choice ban_hanh_kip_thoi_truoc_31_12:1 ban_hanh_sau_31_12:0.5 "
    "khong_ban_hanh:0",
    CHISO_READING_UNDERSTOOD },
  { "Đủ số lượng, nội dung và đúng thời gian: 3; không đầy đủ một trong các "
    "yêu "
    "cầu: 0",
    3,
    "choice du_so_luong_noi_dung_va_dung_thoi_gian:3 "
    "khong_day_du_mot_trong_cac_yeu_cau:0",
    CHISO_READING_UNDERSTOOD },
  { "Có ban hành: 1 điểm", 1, "choice co_ban_hanh:1 truong_hop_khac:0",
    CHISO_READING_CHECK },
  /* formulas */
  { "Tính theo công thức: (b/a) x điểm tối đa. Trong đó: a là tổng số nhiệm "
    "vụ; b "
    "là số nhiệm vụ đã hoàn thành",
    2, "ratio [số nhiệm vụ đã hoàn thành / tổng số nhiệm vụ]",
    CHISO_READING_UNDERSTOOD },
  { "(b/a)*1,50\na: Tổng số hồ sơ\nb: Số hồ sơ đúng hạn\nDưới 80% thì điểm "
    "đánh giá "
    "là 0",
    1.5, "ratio floor:0.8 [Số hồ sơ đúng hạn / Tổng số hồ sơ]",
    CHISO_READING_UNDERSTOOD },
  { "Tỷ lệ % x điểm tối đa", 1, "ratio", CHISO_READING_CHECK },
  { "Số TTHC công bố đúng hạn / tổng số TTHC đã công bố trong kỳ", 6,
    "ratio [Số TTHC công bố đúng hạn / tổng số TTHC đã công bố trong kỳ]",
    CHISO_READING_UNDERSTOOD },
  { "Tỷ lệ đạt từ 80% - 100% thì điểm đánh giá được tính theo công thức: (Tỷ "
    "lệ % "
    "giải quyết x điểm tối đa)/100%. Nếu tỷ lệ dưới 80% thì điểm đánh giá là "
    "0.",
    2, "ratio floor:0.8", CHISO_READING_CHECK },
  { "- Tỷ lệ trực tuyến ≥ 70%: 3 điểm\n- 50% ≤ tỷ lệ < 70%: 2 điểm\n- Tỷ lệ < "
    "50%: 0 điểm",
    3, "step >=0.7:3 >=0.5:2 else:0 num/den", CHISO_READING_UNDERSTOOD },
  { "x > 50%: 2; 30% < x ≤ 50%: 1; x ≤ 30%: 0", 2,
    "step >0.5:2 >0.3:1 else:0 num/den", CHISO_READING_UNDERSTOOD },
  { "Đạt yêu cầu: 2,0đ; Không đạt yêu cầu: 0đ", 2,
    "choice dat_yeu_cau:2 khong_dat_yeu_cau:0", CHISO_READING_UNDERSTOOD },
  /* deductions */
  { "Trừ 0,1 điểm cho mỗi văn bản chậm", 1, "penalty 0.1",
    CHISO_READING_UNDERSTOOD },
  { "Mỗi báo cáo chậm bị trừ 0,25 điểm", 1, "penalty 0.25",
    CHISO_READING_UNDERSTOOD },
  /* entered by hand */
  { "Điều tra xã hội học", 2, "manual", CHISO_READING_CHECK },
  { "", 2, "manual", CHISO_READING_MANUAL },
  { "Hội đồng thẩm định xem xét, quyết định", 2, "manual",
    CHISO_READING_MANUAL },
  { "Từ 80% trở lên: 1; dưới 80%: 0", 2, "manual", CHISO_READING_MANUAL },
  { "Tốt: 3; khá: 2", 2, "manual", CHISO_READING_MANUAL },
};

static void test_samples(void) {
  chiso__arena arena = { .allocator = chiso_allocator_default() };
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    chiso_node node = { .max = DEC(samples[i].max),
                        .floor = CHISO_NONE,
                        .title_vi = "t" };
    chiso__buffer note = { .allocator = NULL }, got = note;
    chiso__wording w = { .arena = &arena,
                         .text = samples[i].text,
                         .title = "t",
                         .node = &node,
                         .note = &note };
    chiso__wording_read(&w);
    describe(&node, &got);
    bool same = got.data && strcmp(got.data, samples[i].want) == 0 &&
                w.reading == samples[i].reading && !w.failed;
    if (!same)
      printf("%s\n  want %s (%d)\n  got  %s (%d) %s\n", samples[i].text,
             samples[i].want, (int)samples[i].reading, got.data, (int)w.reading,
             note.data ? note.data : "");
    CU_ASSERT(same);
    /* what is not understood is never silent */
    CU_ASSERT(w.reading == CHISO_READING_UNDERSTOOD || note.size > 0);
    chiso__buffer_free(&note);
    chiso__buffer_free(&got);
  }
  chiso__arena_free(&arena);
}

/* ---- codes --------------------------------------------------------------- */

static void test_codes(void) {
  static const struct {
    const char *text, *printed, *rest;
  } codes[] = {
    { "1", "1", "" },
    { "1.", "1", "" },
    { "1.10", "1.10", "" },
    { "1,2", "1.2", "" },
    { "1.2.3.", "1.2.3", "" },
    { "II", "II", "" },
    { "XIV.", "XIV", "" },
    { "I.1.2", "I.1.2", "" },
    { "A.", "A", "" },
    { "A.1", "A.1", "" },
    { "a)", "a", "" },
    { "đ)", "dd", "" },
    { "(3)", "3", "" },
    { "Lĩnh vực 2: Thể chế", "2", "Thể chế" },
    { "Tiêu chí 1.2. Kế hoạch", "1.2", "Kế hoạch" },
    { "I. CHỈ ĐẠO", "I", "CHỈ ĐẠO" },
    { "1.1 Ban hành", "1.1", "Ban hành" },
    { "b) Có kế hoạch", "b", "Có kế hoạch" },
  };
  static const char *const none[] = {
    "",    "IIII", "1..2", "№ 1", "1a", "Có kế", "2 sáng kiến",
    "x10", "0",    "1.0",  "-"
  };
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    chiso__code code;
    char printed[64];
    const char *rest = "?";
    bool read = chiso__code_read(codes[i].text, &code, &rest);
    chiso__code_print(&code, printed);
    bool same = read && strcmp(printed, codes[i].printed) == 0 &&
                strcmp(rest, codes[i].rest) == 0;
    if (!same)
      printf("%s: %s, %s\n", codes[i].text, printed, rest);
    CU_ASSERT(same);
  }
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    chiso__code code;
    const char *rest;
    if (chiso__code_read(none[i], &code, NULL))
      printf("'%s' is read as a code\n", none[i]);
    CU_ASSERT_FALSE(chiso__code_read(none[i], &code, NULL));
    CU_ASSERT_FALSE(chiso__code_read(none[i], &code, &rest) && *rest);
  }
}

/* ---- catalogues ---------------------------------------------------------- */

static void test_params(void) {
  static const struct {
    const char *op, *params;
    double max;
    const char *want;
  } rules[] = {
    { "step", "x=done/planned; x>=0.30:1; x>=0.20:0.5; else:0", 1,
      "step >=0.3:1 >=0.2:0.5 else:0 num/den" },
    { "step", "x=ideas; x>=2:2; x>=1:1; else:0", 2,
      "step >=2:2 >=1:1 else:0 ideas" },
    { "steps_count", ">=2:10; =1:5; 0:0", 10,
      "step >=2:10 >=1:5 >=0:0 else:0 count" },
    { "steps_ratio", ">=0.30:1; >=0.25:0.5; >0:0.25; 0:0", 1,
      "step >=0.3:1 >=0.25:0.5 >0:0.25 >=0:0 else:0 num/den" },
    { "choice", "complete_on_time:0.5; late:0.25; missing:0", 0.5,
      "choice complete_on_time:0.5 late:0.25 missing:0" },
    { "all_or_nothing", "all_ok:3; else:0", 3, "choice all_ok:3 else:0" },
    { "ratio", "num=a; den=b; floor=0.80; cap=1.00", 1.5, "ratio floor:0.8" },
    { "proportional", "ratio*6; target=1.00; floor=0; max=6; round=2", 6,
      "ratio" },
    { "penalty", "count=late; per=0.25; min=0", 1, "penalty 0.25" },
    { "linear", "x=rate; zero_at=0; full_at=0.5", 2, "linear >=0:0 >=0.5:2" },
    { "survey", "scale=1..5; share_from=4", 2, "share" },
    { "survey", "scale=1..5; zero_at=1; full_at=5", 2, "survey" },
    { "index", "vn.sipas.province/index; scale=100", 10, "index" },
  };
  chiso__arena arena = { .allocator = chiso_allocator_default() };
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    chiso_node node = { .max = DEC(rules[i].max), .floor = CHISO_NONE };
    chiso__buffer note = { .allocator = NULL }, got = note;
    chiso__wording w = {
      .arena = &arena, .text = "", .node = &node, .note = &note
    };
    CU_ASSERT(chiso__params_read(&w, rules[i].op, rules[i].params));
    describe(&node, &got);
    if (!got.data || strcmp(got.data, rules[i].want) != 0)
      printf("%s\n  want %s\n  got  %s\n", rules[i].params, rules[i].want,
             got.data);
    CU_ASSERT(got.data && strcmp(got.data, rules[i].want) == 0);
    chiso__buffer_free(&note);
    chiso__buffer_free(&got);
  }
  chiso__arena_free(&arena);
}

SUITE_MAIN({ "wordings", test_samples }, { "codes", test_codes },
           { "catalogues", test_params })
