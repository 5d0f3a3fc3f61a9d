#include "tests/fuzz/heap_count.h"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace sojourn::fuzz {
namespace {

std::size_t g_held = 0;
std::size_t g_held_before = 0;
std::size_t g_most = 0;

// Null when there is none.
void* take_if_there(std::size_t size) noexcept {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) return nullptr;
  g_held += malloc_usable_size(memory);
  g_most = std::max(g_most, g_held);
  return memory;
}

void* take(std::size_t size) {
  void* memory = take_if_there(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void give_back(void* memory) {
  // What was taken with an alignment, or by a library for itself, was not counted.
  g_held -= std::min(g_held, malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void forget_most_held() {
  g_held_before = g_held;
  g_most = g_held;
}

std::size_t most_held() {
  return g_most - g_held_before;
}

}  // namespace sojourn::fuzz

// NOLINTBEGIN: the signatures are those of the standard
void* operator new(std::size_t size) {
  return sojourn::fuzz::take(size);
}
void* operator new[](std::size_t size) {
  return sojourn::fuzz::take(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return sojourn::fuzz::take_if_there(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return sojourn::fuzz::take_if_there(size);
}
void operator delete(void* memory) noexcept {
  sojourn::fuzz::give_back(memory);
}
void operator delete[](void* memory) noexcept {
  sojourn::fuzz::give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  sojourn::fuzz::give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  sojourn::fuzz::give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  sojourn::fuzz::give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  sojourn::fuzz::give_back(memory);
}
// NOLINTEND
