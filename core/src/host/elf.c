/* SPDX-License-Identifier: Apache-2.0
 * host/elf.c - what a plugin's shared object may be, proved from its bytes.
 *
 * The program headers and the dynamic section are read, as the system's loader
 * reads them; section headers say nothing binding and are only checked to lie
 * within the file, which finds a file that was cut off. Tags, relocations and
 * symbols are compared with lists of what is allowed, so that what is unknown
 * is refused. */
#include "host/host.h"

#include <elf.h>
#include <string.h>
#include <unistd.h>

/* The relocations of the machine chiso was built for. */
#if defined(__x86_64__)
#define NATIVE          EM_X86_64
#define NATIVE_RELATIVE R_X86_64_RELATIVE
#define NATIVE_ABSOLUTE R_X86_64_64
#define NATIVE_GOT      R_X86_64_GLOB_DAT
#define NATIVE_JUMP     R_X86_64_JUMP_SLOT
#elif defined(__aarch64__)
#define NATIVE          EM_AARCH64
#define NATIVE_RELATIVE R_AARCH64_RELATIVE
#define NATIVE_ABSOLUTE R_AARCH64_ABS64
#define NATIVE_GOT      R_AARCH64_GLOB_DAT
#define NATIVE_JUMP     R_AARCH64_JUMP_SLOT
#elif defined(__riscv)
#define NATIVE          EM_RISCV
#define NATIVE_RELATIVE R_RISCV_RELATIVE
#define NATIVE_ABSOLUTE R_RISCV_64
#define NATIVE_GOT      R_RISCV_64
#define NATIVE_JUMP     R_RISCV_JUMP_SLOT
#else
#error "host/elf.c: add this machine's relocations"
#endif

#define MAX_SEGMENTS 64u
#define MAX_IMAGE    ((uint64_t)256 * 1024 * 1024)
#define ENTRY        "chiso_plugin_v1"

/* What the dynamic section says, by tag. */
typedef struct elf_dynamic {
  uint64_t strings, strings_size;
  uint64_t symbols, symbol_size;
  uint64_t gnu_hash, hash;
  uint64_t rela, rela_size, rela_entry;
  uint64_t jump, jump_size;
  bool now;
} elf_dynamic;

typedef struct elf_image {
  const char *file;
  const unsigned char *bytes;
  size_t size;
  bool call;
  chiso_error *err;
  Elf64_Ehdr header;
  Elf64_Phdr segments[MAX_SEGMENTS];
  size_t n_segments;
  elf_dynamic dynamic;
  const Elf64_Phdr *tags; /* PT_DYNAMIC */
  const unsigned char *strings;
  const unsigned char *symbols;
  uint64_t n_symbols;
} elf_image;

#define REFUSE(image, ...)                                                     \
  chiso__fail((image)->err, CHISO_BAD_DATA,                                    \
              (chiso__place) { .file = (image)->file }, __VA_ARGS__)

/* ---- reading within bounds ---------------------------------------------- */

static bool in_file(const elf_image *image, uint64_t offset, uint64_t size) {
  return offset <= image->size && size <= image->size - offset;
}

/* Bytes that the loader will map at an address, or NULL. */
static const unsigned char *at_any(const elf_image *image, uint64_t address,
                                   uint64_t size, bool writable) {
  for (size_t i = 0; i < image->n_segments; i++) {
    const Elf64_Phdr *segment = &image->segments[i];
    if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
        (!writable && (segment->p_flags & PF_W)))
      continue;
    uint64_t within = address - segment->p_vaddr;
    if (within <= segment->p_filesz && size <= segment->p_filesz - within)
      return image->bytes + segment->p_offset + within;
  }
  return NULL;
}

/* The same for the tables that are proved here and used later: in memory that
 * can be written, relocations could change them in between. */
static const unsigned char *at(const elf_image *image, uint64_t address,
                               uint64_t size) {
  return at_any(image, address, size, false);
}

/* Whether an address range is mapped with all of `flags`. */
static bool mapped(const elf_image *image, uint64_t address, uint64_t size,
                   uint32_t flags) {
  for (size_t i = 0; i < image->n_segments; i++) {
    const Elf64_Phdr *segment = &image->segments[i];
    if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
        (segment->p_flags & flags) != flags)
      continue;
    uint64_t within = address - segment->p_vaddr;
    if (within <= segment->p_memsz && size <= segment->p_memsz - within)
      return true;
  }
  return false;
}

static uint32_t word(const unsigned char *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static const char *string(const elf_image *image, uint64_t offset) {
  if (offset >= image->dynamic.strings_size)
    return NULL;
  return (const char *)image->strings + offset;
}

/* ---- headers ------------------------------------------------------------ */

static const char *machine_name(unsigned machine) {
  switch (machine) {
  case EM_386:
    return "x86";
  case EM_X86_64:
    return "x86-64";
  case EM_ARM:
    return "ARM";
  case EM_AARCH64:
    return "AArch64";
  case EM_RISCV:
    return "RISC-V";
  case EM_PPC64:
    return "PowerPC";
  case EM_S390:
    return "S/390";
  default:
    return "?";
  }
}

static chiso_status check_machine(elf_image *image) {
  const unsigned char *ident = image->bytes;
  bool wide = ident[EI_CLASS] == ELFCLASS64;
  bool little = ident[EI_DATA] == ELFDATA2LSB;
  unsigned machine = little ? (unsigned)(ident[18] | ident[19] << 8)
                            : (unsigned)(ident[19] | ident[18] << 8);
  if (!wide || !little || machine != NATIVE)
    return REFUSE(image, MSG_ELF_MACHINE, wide ? "64" : "32",
                  little ? "little" : "big", machine_name(machine),
                  machine_name(NATIVE));
  return CHISO_OK;
}

static chiso_status read_header(elf_image *image) {
  if (image->size < EI_NIDENT || memcmp(image->bytes, ELFMAG, SELFMAG) != 0)
    return REFUSE(image, MSG_ELF_NOT);
  if (image->size < sizeof(Elf64_Ehdr))
    return REFUSE(image, MSG_ELF_CUT, "ELF header");
  CHISO__TRY(check_machine(image));
  memcpy(&image->header, image->bytes, sizeof image->header);
  const Elf64_Ehdr *header = &image->header;
  if (header->e_type != ET_DYN)
    return REFUSE(image, MSG_ELF_TYPE, (unsigned)header->e_type);
  if (header->e_ident[EI_VERSION] != EV_CURRENT ||
      header->e_version != EV_CURRENT ||
      header->e_ehsize != sizeof(Elf64_Ehdr) ||
      (header->e_ident[EI_OSABI] != ELFOSABI_SYSV &&
       header->e_ident[EI_OSABI] != ELFOSABI_GNU))
    return REFUSE(image, MSG_ELF_DAMAGED, "ELF header");
  if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
      header->e_phnum > MAX_SEGMENTS)
    return REFUSE(image, MSG_ELF_DAMAGED, "program headers");
  if (!in_file(image, header->e_phoff,
               (uint64_t)header->e_phnum * sizeof(Elf64_Phdr)))
    return REFUSE(image, MSG_ELF_CUT, "program headers");
  if (header->e_shoff &&
      !in_file(image, header->e_shoff,
               (uint64_t)header->e_shnum * header->e_shentsize))
    return REFUSE(image, MSG_ELF_CUT, "section headers");
  image->n_segments = header->e_phnum;
  memcpy(image->segments, image->bytes + header->e_phoff,
         image->n_segments * sizeof(Elf64_Phdr));
  return CHISO_OK;
}

/* ---- segments ----------------------------------------------------------- */

/* `end` is the first page behind the mapped image so far. The loader maps
 * whole pages: two segments in one page would leave open whose bytes it
 * holds. */
static chiso_status check_load(const elf_image *image,
                               const Elf64_Phdr *segment, uint64_t *end) {
  if (!in_file(image, segment->p_offset, segment->p_filesz))
    return REFUSE(image, MSG_ELF_CUT, "segments");
  uint64_t align = segment->p_align;
  uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
  if (segment->p_memsz < segment->p_filesz ||
      (segment->p_vaddr & ~(page - 1)) < *end || segment->p_vaddr > MAX_IMAGE ||
      segment->p_memsz > MAX_IMAGE || align < page ||
      (align & (align - 1)) != 0 || align > MAX_IMAGE ||
      ((segment->p_vaddr - segment->p_offset) & (align - 1)) != 0)
    return REFUSE(image, MSG_ELF_DAMAGED, "segments");
  if ((segment->p_flags & (PF_W | PF_X)) == (PF_W | PF_X))
    return REFUSE(image, MSG_ELF_WRITE_EXECUTE);
  *end = (segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
  return CHISO_OK;
}

/* The linker pads RELRO to the page that the loader protects, so it may end
 * behind the segment it lies in, but not behind that segment's last page. */
static bool relro_fits(const elf_image *image, const Elf64_Phdr *relro) {
  for (size_t i = 0; i < image->n_segments; i++) {
    const Elf64_Phdr *segment = &image->segments[i];
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_W) ||
        relro->p_vaddr < segment->p_vaddr)
      continue;
    uint64_t end = segment->p_vaddr + segment->p_memsz;
    uint64_t padded = (end + segment->p_align - 1) & ~(segment->p_align - 1);
    if (relro->p_vaddr < end && relro->p_memsz <= padded - relro->p_vaddr)
      return true;
  }
  return false;
}

static chiso_status check_segments(const elf_image *image) {
  uint64_t end = 0;
  bool stack = false, relro = false;
  for (size_t i = 0; i < image->n_segments; i++) {
    const Elf64_Phdr *segment = &image->segments[i];
    if (segment->p_type == PT_LOAD)
      CHISO__TRY(check_load(image, segment, &end));
    else if (segment->p_type == PT_TLS)
      return REFUSE(image, MSG_ELF_TLS);
    else if (segment->p_type == PT_GNU_STACK)
      stack = !(segment->p_flags & PF_X);
  }
  for (size_t i = 0; i < image->n_segments; i++) {
    const Elf64_Phdr *segment = &image->segments[i];
    if (segment->p_type == PT_GNU_RELRO)
      relro = relro_fits(image, segment);
  }
  /* Without the header the loader makes the stack executable. */
  if (!stack)
    return REFUSE(image, MSG_ELF_STACK);
  if (!relro)
    return REFUSE(image, MSG_ELF_RELRO);
  return CHISO_OK;
}

/* ---- dynamic section ---------------------------------------------------- */

/* Tags that say nothing of what the loader would run. */
static bool tag_is_harmless(uint64_t tag, bool call) {
  switch (tag) {
  case DT_RELACOUNT:
  case DT_PLTGOT:
    return true;
  case DT_VERSYM:
  case DT_VERNEED:
  case DT_VERNEEDNUM:
    return call;
  default:
    /* The machine's own: how its PLT is laid out. */
    return tag >= DT_LOPROC && tag < DT_LOPROC + 16;
  }
}

static const char *tag_of_code(uint64_t tag) {
  switch (tag) {
  case DT_INIT:
    return "DT_INIT";
  case DT_FINI:
    return "DT_FINI";
  case DT_INIT_ARRAYSZ:
    return "DT_INIT_ARRAY";
  case DT_FINI_ARRAYSZ:
    return "DT_FINI_ARRAY";
  case DT_PREINIT_ARRAYSZ:
    return "DT_PREINIT_ARRAY";
  default:
    return NULL;
  }
}

/* Tags that place a table. */
static uint64_t *tag_member(elf_dynamic *dynamic, uint64_t tag) {
  switch (tag) {
  case DT_STRTAB:
    return &dynamic->strings;
  case DT_STRSZ:
    return &dynamic->strings_size;
  case DT_SYMTAB:
    return &dynamic->symbols;
  case DT_SYMENT:
    return &dynamic->symbol_size;
  case DT_GNU_HASH:
    return &dynamic->gnu_hash;
  case DT_HASH:
    return &dynamic->hash;
  case DT_RELA:
    return &dynamic->rela;
  case DT_RELASZ:
    return &dynamic->rela_size;
  case DT_RELAENT:
    return &dynamic->rela_entry;
  case DT_JMPREL:
    return &dynamic->jump;
  case DT_PLTRELSZ:
    return &dynamic->jump_size;
  default:
    return NULL;
  }
}

static chiso_status check_needed(const elf_image *image, uint64_t offset) {
  const char *name = string(image, offset);
  if (!name)
    return REFUSE(image, MSG_ELF_DAMAGED, "DT_NEEDED");
  if (!image->call)
    return REFUSE(image, MSG_ELF_NEEDED_DATA, name);
  if (strcmp(name, "libc.so.6") != 0)
    return REFUSE(image, MSG_ELF_NEEDED_CALL, name);
  return CHISO_OK;
}

static chiso_status check_tag(elf_image *image, uint64_t tag, uint64_t value) {
  if (tag_member(&image->dynamic, tag))
    return CHISO_OK;
  const char *code = tag_of_code(tag);
  if (code) {
    bool array = tag != DT_INIT && tag != DT_FINI;
    return array && value == 0 ? CHISO_OK : REFUSE(image, MSG_ELF_CODE, code);
  }
  switch (tag) {
  case DT_NEEDED:
    return check_needed(image, value);
  case DT_SONAME:
    return string(image, value) ? CHISO_OK
                                : REFUSE(image, MSG_ELF_DAMAGED, "DT_SONAME");
  case DT_INIT_ARRAY:
  case DT_FINI_ARRAY:
  case DT_PREINIT_ARRAY:
    return CHISO_OK; /* their sizes decide */
  case DT_TEXTREL:
    return REFUSE(image, MSG_ELF_TEXTREL);
  case DT_BIND_NOW:
    image->dynamic.now = true;
    return CHISO_OK;
  case DT_FLAGS:
    if (value & DF_TEXTREL)
      return REFUSE(image, MSG_ELF_TEXTREL);
    image->dynamic.now |= (value & DF_BIND_NOW) != 0;
    return CHISO_OK;
  case DT_FLAGS_1:
    image->dynamic.now |= (value & DF_1_NOW) != 0;
    return CHISO_OK;
  case DT_PLTREL:
    return value == DT_RELA
               ? CHISO_OK
               : REFUSE(image, MSG_ELF_TAG, (unsigned long long)tag);
  default:
    return tag_is_harmless(tag, image->call)
               ? CHISO_OK
               : REFUSE(image, MSG_ELF_TAG, (unsigned long long)tag);
  }
}

/* The bytes of PT_DYNAMIC where the loader will see them. They lie in memory
 * that can be written; check_relocation() keeps relocations off them. */
static const unsigned char *dynamic_bytes(elf_image *image, size_t *count) {
  const Elf64_Phdr *found = NULL;
  for (size_t i = 0; i < image->n_segments; i++) {
    if (image->segments[i].p_type != PT_DYNAMIC)
      continue;
    if (found)
      return NULL;
    found = &image->segments[i];
  }
  if (!found)
    return NULL;
  image->tags = found;
  *count = (size_t)(found->p_filesz / sizeof(Elf64_Dyn));
  return at_any(image, found->p_vaddr, found->p_filesz, true);
}

/* Where the tables are; *used is the number of entries before the last. */
static chiso_status find_tables(elf_image *image, const unsigned char *bytes,
                                size_t count, size_t *used) {
  elf_dynamic *dynamic = &image->dynamic;
  size_t i = 0;
  for (; i < count; i++) {
    Elf64_Dyn entry;
    memcpy(&entry, bytes + i * sizeof entry, sizeof entry);
    if (entry.d_tag == DT_NULL)
      break;
    uint64_t *member = tag_member(dynamic, (uint64_t)entry.d_tag);
    /* A second one would leave open which of them the loader takes. */
    if (member && *member)
      return REFUSE(image, MSG_ELF_DAMAGED, "dynamic section");
    if (member)
      *member = entry.d_un.d_val;
  }
  *used = i;
  image->strings = at(image, dynamic->strings, dynamic->strings_size);
  if (i == count)
    return REFUSE(image, MSG_ELF_DAMAGED, "dynamic section");
  if (!image->strings || dynamic->strings_size == 0 ||
      image->strings[dynamic->strings_size - 1] != 0)
    return REFUSE(image, MSG_ELF_DAMAGED, "string table");
  return CHISO_OK;
}

static chiso_status read_dynamic(elf_image *image) {
  size_t count = 0, used = 0;
  const unsigned char *bytes = dynamic_bytes(image, &count);
  if (!bytes)
    return REFUSE(image, MSG_ELF_DAMAGED, "dynamic section");
  CHISO__TRY(find_tables(image, bytes, count, &used));
  for (size_t i = 0; i < used; i++) {
    Elf64_Dyn entry;
    memcpy(&entry, bytes + i * sizeof entry, sizeof entry);
    CHISO__TRY(check_tag(image, (uint64_t)entry.d_tag, entry.d_un.d_val));
  }
  return image->dynamic.now ? CHISO_OK : REFUSE(image, MSG_ELF_NOW);
}

/* ---- symbols ------------------------------------------------------------ */

/* The symbol table has no length of its own: the hash table reaches to the
 * last symbol that can be looked up. 0: the table is damaged. */
static uint64_t count_by_gnu_hash(const elf_image *image) {
  uint64_t address = image->dynamic.gnu_hash;
  const unsigned char *head = at(image, address, 16);
  if (!head)
    return 0;
  uint64_t n_buckets = word(head), first = word(head + 4);
  uint64_t n_bloom = word(head + 8);
  /* The loader masks with n_bloom - 1. */
  if (n_buckets == 0 || n_bloom == 0 || (n_bloom & (n_bloom - 1)) != 0)
    return 0;
  uint64_t buckets_at = address + 16 + n_bloom * 8;
  const unsigned char *buckets = at(image, buckets_at, n_buckets * 4);
  if (!buckets || !at(image, address, 16 + n_bloom * 8))
    return 0;
  uint64_t chains_at = buckets_at + n_buckets * 4, last = 0;
  for (uint64_t i = 0; i < n_buckets; i++) {
    uint64_t symbol = word(buckets + i * 4);
    if (symbol != 0 && symbol < first)
      return 0;
    if (symbol > last)
      last = symbol;
  }
  if (last == 0)
    return first;
  /* The chain that begins last also ends last. */
  for (;; last++) {
    const unsigned char *link = at(image, chains_at + (last - first) * 4, 4);
    if (!link)
      return 0;
    if (word(link) & 1)
      return last + 1;
  }
}

static uint64_t count_by_hash(const elf_image *image) {
  const unsigned char *head = at(image, image->dynamic.hash, 8);
  if (!head)
    return 0;
  uint64_t n_buckets = word(head), n_chains = word(head + 4);
  const unsigned char *all =
      at(image, image->dynamic.hash, 8 + (n_buckets + n_chains) * 4);
  if (!all || n_buckets == 0)
    return 0;
  for (uint64_t i = 0; i < n_buckets + n_chains; i++)
    if (word(all + 8 + i * 4) >= n_chains)
      return 0;
  return n_chains;
}

static chiso_status find_symbols(elf_image *image) {
  const elf_dynamic *dynamic = &image->dynamic;
  image->n_symbols = dynamic->gnu_hash ? count_by_gnu_hash(image)
                     : dynamic->hash   ? count_by_hash(image)
                                       : 0;
  if (image->n_symbols == 0)
    return REFUSE(image, MSG_ELF_DAMAGED, "symbol hash table");
  image->symbols =
      at(image, dynamic->symbols, image->n_symbols * sizeof(Elf64_Sym));
  if (!image->symbols || dynamic->symbol_size != sizeof(Elf64_Sym))
    return REFUSE(image, MSG_ELF_DAMAGED, "symbol table");
  return CHISO_OK;
}

static chiso_status check_symbol(const elf_image *image,
                                 const Elf64_Sym *symbol, bool *exported) {
  const char *name = string(image, symbol->st_name);
  unsigned type = ELF64_ST_TYPE(symbol->st_info);
  unsigned bind = ELF64_ST_BIND(symbol->st_info);
  unsigned visibility = ELF64_ST_VISIBILITY(symbol->st_other);
  if (!name)
    return REFUSE(image, MSG_ELF_DAMAGED, "symbol table");
  if (type == STT_GNU_IFUNC)
    return REFUSE(image, MSG_ELF_IFUNC, name);
  if (type == STT_TLS)
    return REFUSE(image, MSG_ELF_TLS);
  if (symbol->st_shndx == SHN_UNDEF)
    return image->call ? CHISO_OK : REFUSE(image, MSG_ELF_SYMBOL_NEEDED, name);
  if (bind == STB_LOCAL ||
      (visibility != STV_DEFAULT && visibility != STV_PROTECTED))
    return CHISO_OK;
  if (strcmp(name, ENTRY) != 0)
    return REFUSE(image, MSG_ELF_EXPORT, name);
  if (*exported || type != STT_FUNC || visibility != STV_DEFAULT ||
      (bind != STB_GLOBAL && bind != STB_WEAK) ||
      !mapped(image, symbol->st_value, 1, PF_X))
    return REFUSE(image, MSG_ELF_NO_EXPORT);
  *exported = true;
  return CHISO_OK;
}

static chiso_status check_symbols(const elf_image *image) {
  bool exported = false;
  for (uint64_t i = 1; i < image->n_symbols; i++) {
    Elf64_Sym symbol;
    memcpy(&symbol, image->symbols + i * sizeof symbol, sizeof symbol);
    CHISO__TRY(check_symbol(image, &symbol, &exported));
  }
  return exported ? CHISO_OK : REFUSE(image, MSG_ELF_NO_EXPORT);
}

/* ---- relocations -------------------------------------------------------- */

static chiso_status check_relocation(const elf_image *image,
                                     const Elf64_Rela *relocation) {
  uint32_t type = (uint32_t)ELF64_R_TYPE(relocation->r_info);
  uint64_t symbol = ELF64_R_SYM(relocation->r_info);
  bool relative = type == NATIVE_RELATIVE && symbol == 0;
  bool bound =
      type == NATIVE_ABSOLUTE || type == NATIVE_GOT || type == NATIVE_JUMP;
  if (!relative && !(image->call && bound))
    return REFUSE(image, MSG_ELF_RELOCATION, (unsigned)type);
  /* The loader writes eight bytes there without looking. In the dynamic
   * section they could turn an empty DT_INIT_ARRAY into one that runs. */
  if (symbol >= image->n_symbols ||
      (relocation->r_offset + 8 > image->tags->p_vaddr &&
       relocation->r_offset < image->tags->p_vaddr + image->tags->p_filesz) ||
      !mapped(image, relocation->r_offset, 8, PF_W))
    return REFUSE(image, MSG_ELF_DAMAGED, "relocations");
  if (relative && !mapped(image, (uint64_t)relocation->r_addend, 0, 0))
    return REFUSE(image, MSG_ELF_DAMAGED, "relocations");
  return CHISO_OK;
}

static chiso_status check_relocations(const elf_image *image, uint64_t address,
                                      uint64_t size) {
  if (size == 0)
    return CHISO_OK;
  const unsigned char *bytes = at(image, address, size);
  if (!bytes || size % sizeof(Elf64_Rela) != 0)
    return REFUSE(image, MSG_ELF_DAMAGED, "relocations");
  for (uint64_t i = 0; i < size; i += sizeof(Elf64_Rela)) {
    Elf64_Rela relocation;
    memcpy(&relocation, bytes + i, sizeof relocation);
    CHISO__TRY(check_relocation(image, &relocation));
  }
  return CHISO_OK;
}

chiso_status chiso__elf_check(const char *file, const void *bytes, size_t size,
                              bool call, chiso_error *err) {
  elf_image image = {
    .file = file, .bytes = bytes, .size = size, .call = call, .err = err
  };
  CHISO__TRY(read_header(&image));
  CHISO__TRY(check_segments(&image));
  CHISO__TRY(read_dynamic(&image));
  CHISO__TRY(find_symbols(&image));
  CHISO__TRY(check_symbols(&image));
  const elf_dynamic *dynamic = &image.dynamic;
  if (dynamic->rela_size && dynamic->rela_entry != sizeof(Elf64_Rela))
    return REFUSE(&image, MSG_ELF_DAMAGED, "relocations");
  CHISO__TRY(check_relocations(&image, dynamic->rela, dynamic->rela_size));
  return check_relocations(&image, dynamic->jump, dynamic->jump_size);
}
