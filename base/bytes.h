// The building blocks of every stored format.
//
//   varint   unsigned LEB128, at most 10 bytes
//   signed   zigzag, then varint
//   fixed64  8 bytes, big-endian (so keys sort as numbers)
//   string   varint length, then the bytes
//
// A `ByteReader` never reads past its end: after the first impossible read it is
// failed, returns zeros and empty strings, and `ok()` is false for good. Callers
// decode everything, then look at `ok()` once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sojourn::base {

class ByteWriter {
 public:
  void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void varint(std::uint64_t v);
  void signed_varint(std::int64_t v);
  void fixed64(std::uint64_t v);
  void string(std::string_view v);
  void raw(std::string_view v) { out_.append(v); }

  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t u8();
  std::uint64_t varint();
  std::int64_t signed_varint();
  std::uint64_t fixed64();
  // Views into the bytes given to the constructor.
  std::string_view string();
  std::string_view raw(std::size_t size);
  // A count that is about to be used to read that many items of at least one
  // byte each: fails when the bytes left cannot hold them.
  std::size_t count();

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void fail() {
    ok_ = false;
    rest_ = {};
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace sojourn::base
