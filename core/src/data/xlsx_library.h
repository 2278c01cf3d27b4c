/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_library.h - libxlsxwriter, opened when a workbook is written.
 *
 * The library brings OpenSSL, minizip and zlib along. Opened on demand they
 * cost nothing to the commands that write no workbook, a tenth of the time of
 * a whole small run otherwise, and they are not in every process's reach. */
#ifndef CHISO_DATA_XLSX_LIBRARY_H
#define CHISO_DATA_XLSX_LIBRARY_H

#include <xlsxwriter.h>

#include "base/buffer.h"
#include "base/error.h"

/* One member for each function in use, with the header's own type. */
#define CHISO__XLSX_FUNCTIONS(F)                                               \
  F(workbook_new)                                                              \
  F(workbook_add_format)                                                       \
  F(workbook_add_worksheet)                                                    \
  F(workbook_set_properties)                                                   \
  F(workbook_close)                                                            \
  F(worksheet_write_string)                                                    \
  F(worksheet_write_number)                                                    \
  F(worksheet_write_blank)                                                     \
  F(worksheet_write_formula_num)                                               \
  F(worksheet_write_formula_str)                                               \
  F(worksheet_set_column)                                                      \
  F(worksheet_set_column_opt)                                                  \
  F(worksheet_set_row_opt)                                                     \
  F(worksheet_data_validation_range)                                           \
  F(worksheet_conditional_format_range)                                        \
  F(worksheet_protect)                                                         \
  F(worksheet_hide)                                                            \
  F(worksheet_set_landscape)                                                   \
  F(worksheet_set_paper)                                                       \
  F(worksheet_set_margins)                                                     \
  F(worksheet_fit_to_pages)                                                    \
  F(worksheet_repeat_rows)                                                     \
  F(worksheet_set_footer)                                                      \
  F(worksheet_freeze_panes)                                                    \
  F(worksheet_autofilter)                                                      \
  F(format_set_bold)                                                           \
  F(format_set_italic)                                                         \
  F(format_set_font_name)                                                      \
  F(format_set_font_size)                                                      \
  F(format_set_border)                                                         \
  F(format_set_border_color)                                                   \
  F(format_set_unlocked)                                                       \
  F(format_set_num_format)                                                     \
  F(format_set_text_wrap)                                                      \
  F(format_set_align)                                                          \
  F(format_set_font_color)                                                     \
  F(format_set_bg_color)                                                       \
  F(lxw_strerror)                                                              \
  /* layout and print, of sheets that people read */                           \
  F(format_set_indent)                                                         \
  F(worksheet_merge_range)                                                     \
  F(worksheet_set_row)                                                         \
  F(worksheet_set_print_scale)                                                 \
  F(worksheet_set_h_pagebreaks)                                                \
  F(worksheet_center_horizontally)                                             \
  F(worksheet_gridlines)                                                       \
  /* charts and colours */                                                     \
  F(workbook_add_chart)                                                        \
  F(worksheet_insert_chart_opt)                                                \
  F(chart_add_series)                                                          \
  F(chart_series_set_categories)                                               \
  F(chart_series_set_values)                                                   \
  F(chart_series_set_name_range)                                               \
  F(chart_series_set_fill)                                                     \
  F(chart_series_set_labels)                                                   \
  F(chart_series_set_labels_num_format)                                        \
  F(chart_series_set_labels_font)                                              \
  F(chart_axis_get)                                                            \
  F(chart_axis_set_reverse)                                                    \
  F(chart_axis_set_min)                                                        \
  F(chart_axis_set_max)                                                        \
  F(chart_axis_set_num_font)                                                   \
  F(chart_axis_set_num_format)                                                 \
  F(chart_axis_set_label_position)                                             \
  F(chart_axis_major_gridlines_set_line)                                       \
  F(chart_title_set_name)                                                      \
  F(chart_title_set_name_font)                                                 \
  F(chart_legend_set_position)                                                 \
  F(chart_set_series_gap)

typedef struct chiso__xlsx {
#define CHISO__XLSX_MEMBER(name) __typeof__(name) *name;
  CHISO__XLSX_FUNCTIONS(CHISO__XLSX_MEMBER)
#undef CHISO__XLSX_MEMBER
} chiso__xlsx;

/* Fills *out (data/library.h). */
chiso_status chiso__xlsx_open(chiso__xlsx *out, chiso_error *err);

/* Writes a text as it is: what looks like an escape of a workbook's texts,
 * "_x000A_", is escaped itself. */
lxw_error chiso__xlsx_text(const chiso__xlsx *xlsx, lxw_worksheet *sheet,
                           size_t row, size_t column, const char *text,
                           lxw_format *format,
                           const chiso_allocator *allocator);

/* A list to choose from, the cells of `range`, "_lists!$A$1:$A$3", in the cells
 * first..last of a column; `list` has the texts of its messages. */
lxw_error chiso__xlsx_list(const chiso__xlsx *xlsx, lxw_worksheet *sheet,
                           lxw_row_t first, lxw_row_t last, lxw_col_t column,
                           lxw_data_validation *list, const char *range);

/* Makes a workbook, filled by `fill`, and appends its bytes to `out`: the same
 * content, the same bytes. The library writes files only, so one is made in
 * TMPDIR and read. */
typedef lxw_error (*chiso__xlsx_fill)(const chiso__xlsx *xlsx,
                                      lxw_workbook *workbook, void *user);
chiso_status chiso__xlsx_make(const chiso_allocator *allocator,
                              chiso__xlsx_fill fill, void *user,
                              chiso__buffer *out, chiso_error *err);

#endif
