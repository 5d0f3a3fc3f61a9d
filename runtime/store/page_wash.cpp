#include "runtime/store/page_wash.h"

#include <algorithm>
#include <cstddef>

namespace sojourn::store {
namespace {

// The format of a b-tree page is SQLite's: https://sqlite.org/fileformat2.html#b_tree_pages
constexpr std::size_t kFileHeaderBytes = 100;
constexpr std::size_t kSmallestFreeBlock = 4;  // its own header: the next one, and its length

std::size_t byte_at(std::span<const char> page, std::size_t at) {
  return static_cast<unsigned char>(page[at]);
}

std::size_t number_at(std::span<const char> page, std::size_t at) {
  return (byte_at(page, at) << 8U) | byte_at(page, at + 1);
}

// Of the b-tree's header by the kind of page; 0: it is none.
std::size_t header_bytes(std::size_t kind) {
  if (kind == 2 || kind == 5) return 12;   // inner pages
  if (kind == 10 || kind == 13) return 8;  // leaves
  return 0;
}

// Whether the chain of free blocks is in order and within the page; `wash` zeroes what they hold.
bool follow_free_blocks(std::span<char> page, std::size_t first, std::size_t content, bool wash) {
  for (std::size_t at = first; at != 0;) {
    if (at < content || at + kSmallestFreeBlock > page.size()) return false;
    const std::size_t next = number_at(page, at);
    const std::size_t length = number_at(page, at + 2);
    if (length < kSmallestFreeBlock || at + length > page.size()) return false;
    if (next != 0 && next < at + length) return false;
    if (wash) {
      const auto block = page.subspan(at + kSmallestFreeBlock, length - kSmallestFreeBlock);
      std::ranges::fill(block, '\0');
    }
    at = next;
  }
  return true;
}

}  // namespace

void wash_page(std::span<char> page, bool is_first) {
  const std::size_t header = is_first ? kFileHeaderBytes : 0;
  if (page.size() < header + 12) return;
  const std::size_t fixed = header_bytes(byte_at(page, header));
  if (fixed == 0) return;
  const std::size_t first_free = number_at(page, header + 1);
  const std::size_t cells = number_at(page, header + 3);
  // 65,536 is written as 0.
  const std::size_t said = number_at(page, header + 5);
  const std::size_t content = said == 0 ? 65'536 : said;
  const std::size_t unallocated = header + fixed + 2 * cells;
  if (unallocated > content || content > page.size()) return;
  if (!follow_free_blocks(page, first_free, content, false)) return;
  std::ranges::fill(page.subspan(unallocated, content - unallocated), '\0');
  follow_free_blocks(page, first_free, content, true);
}

}  // namespace sojourn::store
