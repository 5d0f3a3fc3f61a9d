// Takes out of a page what no row owns any more. SQLite leaves old bytes in the unallocated part of
// a page: its own secure delete zeroes what a row occupied when it went, but not the copies that
// stay behind when rows are moved within a page or to its neighbours. A page is washed on its way
// into the database file, so that the file never has them. Nothing reads those bytes, so whatever
// they are, the database says the same. Pure.
//
// Which pages are b-trees is told by their first byte, which on the others (overflow, free list) is
// the highest byte of a page number: 0 or 1 in a file of at most kMaxWashedPages.
#pragma once

#include <cstdint>
#include <span>

namespace sojourn::store {

// A larger file is not washed: 32 GiB with pages of 2 KiB.
inline constexpr std::int64_t kMaxWashedPages = std::int64_t{1} << 24;

// `is_first`: the page begins with the file's header. A page that is no sound b-tree page is left
// as it is. Overwrites nothing that is allocated.
void wash_page(std::span<char> page, bool is_first);

}  // namespace sojourn::store
