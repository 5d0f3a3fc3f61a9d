// Changes of JSON that leave it JSON, so that a fuzzer comes past the parser: for inputs that are a
// body, or a line that says what the body is for and a body. Every fourth change is one of bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"

// NOLINTBEGIN: the names are libFuzzer's
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
// NOLINTEND

namespace {

using Json = nlohmann::ordered_json;
using sojourn::base::random_below;
using sojourn::base::SeededRandom;

// Of brackets within brackets: writing a deeper text would take more stack than there is.
constexpr int kMaxDepth = 200;
constexpr std::uint64_t kOneInFour = 4;

struct Parts {
  std::string line;  // with its end
  std::string body;
};

Parts parts_of(std::string_view input) {
  const std::size_t end = input.find('\n');
  const bool is_body = input.empty() || input.front() == '{' || input.front() == '[';
  if (is_body || end == std::string_view::npos) return {"", std::string(input)};
  return {std::string(input.substr(0, end + 1)), std::string(input.substr(end + 1))};
}

bool is_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kMaxDepth) return true;
  }
  return false;
}

Json read(const std::string& text) {
  if (is_deep(text)) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, false);
}

void gather(Json& from, std::vector<Json*>& into) {
  into.push_back(&from);
  if (!from.is_structured()) return;
  for (Json& item : from) gather(item, into);
}

Json& any_of(Json& root, SeededRandom& random) {
  std::vector<Json*> all;
  gather(root, all);
  return *all[random_below(random, all.size())];
}

Json word(SeededRandom& random) {
  static const std::vector<Json> kWords = {nullptr,
                                           true,
                                           false,
                                           0,
                                           1,
                                           -1,
                                           1.5,
                                           -0.0,
                                           1e300,
                                           253402300799999,
                                           253402300800,
                                           100000000000,
                                           INT64_MAX,
                                           INT64_MIN,
                                           UINT64_MAX,
                                           "",
                                           " ",
                                           "a@b.c",
                                           "A@B.C",
                                           "x",
                                           "\u0000",
                                           "\xf0\x9f\x98\x80",
                                           "2026-03-01",
                                           "2026-03-01T09:00:00Z",
                                           "09:00",
                                           "Europe/Berlin",
                                           "9999-12-31T23:59:59.999Z",
                                           Json::array(),
                                           Json::object()};
  return kWords[random_below(random, kWords.size())];
}

// Bytes of a text, by the fuzzer's own means; what it makes is not always UTF-8.
void change_text(Json& node) {
  std::string text = node.get<std::string>();
  const std::size_t size = text.size();
  text.resize(size + 16);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
  node = text;
}

void change_size(Json& node, SeededRandom& random) {
  const std::size_t at = random_below(random, node.size());
  if (node.is_array()) {
    if (random_below(random, 2) == 0) {
      node.erase(at);
    } else {
      Json copy = node[at];
      node.insert(node.begin() + static_cast<std::ptrdiff_t>(random_below(random, node.size() + 1)),
                  std::move(copy));
    }
    return;
  }
  auto member = node.begin();
  std::advance(member, at);
  if (random_below(random, 2) == 0) {
    node.erase(member);
  } else {
    Json value = member.value();
    node.push_back({member.key() + (random_below(random, 4) == 0 ? "x" : ""), std::move(value)});
  }
}

void change(Json& root, Json& other, SeededRandom& random) {
  Json& node = any_of(root, random);
  switch (random_below(random, 6)) {
    case 0:
      node = word(random);
      return;
    case 1:
      if (node.is_structured() && !node.empty()) return change_size(node, random);
      node = word(random);
      return;
    case 2:
      if (node.is_string()) return change_text(node);
      node = Json(node.dump(-1, ' ', false, Json::error_handler_t::replace));
      return;
    case 3: {
      Json copy = any_of(other, random);
      node = std::move(copy);
      return;
    }
    case 4: {
      Json& second = any_of(root, random);
      Json copy = second;
      node = std::move(copy);
      return;
    }
    default: {
      Json list = Json::array();
      const std::uint64_t count = random_below(random, 5);
      for (std::uint64_t i = 0; i < count; ++i) list.push_back(node);
      node = std::move(list);
    }
  }
}

// `text` with one member's name said twice, as no value of nlohmann's can: at its first brace.
std::string doubled(const std::string& text, const Json& json) {
  if (!json.is_object() || json.empty()) return text;
  const std::string name =
      Json(json.begin().key()).dump(-1, ' ', false, Json::error_handler_t::replace);
  return "{" + name + ":null," + text.substr(1);
}

std::size_t put(const std::string& text, std::uint8_t* data, std::size_t max_size) {
  if (text.size() > max_size) return 0;
  std::memcpy(data, text.data(), text.size());
  return text.size();
}

std::size_t mix(const Parts& parts, Json json, Json other, SeededRandom& random, std::uint8_t* data,
                std::size_t max_size) {
  const std::uint64_t changes = 1 + random_below(random, 3);
  for (std::uint64_t i = 0; i < changes; ++i) change(json, other, random);
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (random_below(random, 16) == 0) text = doubled(text, json);
  return put(parts.line + text, data, max_size);
}

}  // namespace

// NOLINTBEGIN: the names are libFuzzer's
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned int seed) {
  SeededRandom random(seed);
  const Parts parts = parts_of({reinterpret_cast<const char*>(data), size});
  Json json = read(parts.body);
  if (!json.is_discarded() && random_below(random, kOneInFour) != 0) {
    const std::size_t made = mix(parts, json, json, random, data, max_size);
    if (made > 0) return made;
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2,
                                                 std::uint8_t* out, std::size_t max_out_size,
                                                 unsigned int seed) {
  SeededRandom random(seed);
  const Parts parts = parts_of({reinterpret_cast<const char*>(data1), size1});
  const Parts others = parts_of({reinterpret_cast<const char*>(data2), size2});
  Json json = read(parts.body);
  Json other = read(others.body);
  if (json.is_discarded() || other.is_discarded()) return 0;
  const Parts& lines = random_below(random, 2) == 0 ? parts : others;
  return mix(lines, std::move(json), std::move(other), random, out, max_out_size);
}
// NOLINTEND
