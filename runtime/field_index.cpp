#include "runtime/field_index.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "engine/fan_out.h"
#include "graph/value.h"
#include "runtime/program.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kWithTombstones = 1;  // the format of indexes that have them
constexpr std::uint8_t kContains = 1;
constexpr std::uint8_t kComplete = 2;
constexpr std::uint8_t kDropped = 4;
// Users of one commit while the index is made, and rows of one while it is dropped.
constexpr std::size_t kBuildBatch = 2'000;
constexpr std::size_t kDropBatch = 20'000;

// Format, of the setting `indexed_fields`: u8 version (2), varint next number, varint
// count, then for each: string name, u8 flags (1 contains, 2 complete, 4 dropped), varint
// number, value fallback, varint packed id reached. Version 1 is the same of indexes that have
// tombstones, too: those are made anew.
struct Index {
  std::uint32_t next_number = 1;
  std::vector<IndexState> fields;
};

base::Result<Index> decode(std::string_view bytes) {
  Index index;
  base::ByteReader in(bytes);
  const std::uint8_t format = in.u8();
  index.next_number = static_cast<std::uint32_t>(in.varint());
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    IndexState field;
    field.name = in.string();
    const std::uint8_t flags = in.u8();
    field.contains = (flags & kContains) != 0;
    field.complete = (flags & kComplete) != 0;
    field.dropped = (flags & kDropped) != 0 || format == kWithTombstones;
    field.number = static_cast<std::uint32_t>(in.varint());
    field.fallback = graph::decode_value(in);
    field.reached = store::UserId::unpack(in.varint());
    index.fields.push_back(std::move(field));
  }
  if ((format != kFormat && format != kWithTombstones) || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal,
                         "the stored list of indexed fields cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return index;
}

base::Result<Index> read_index(store::Store& store) {
  auto bytes = store.setting(kIndexedFields);
  if (!bytes) return tl::unexpected(bytes.error());
  return *bytes ? decode(**bytes) : Index{};
}

std::string encode(const Index& index) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.varint(index.next_number);
  out.varint(index.fields.size());
  for (const IndexState& field : index.fields) {
    out.string(field.name);
    out.u8(static_cast<std::uint8_t>((field.contains ? kContains : 0) |
                                     (field.complete ? kComplete : 0) |
                                     (field.dropped ? kDropped : 0)));
    out.varint(field.number);
    graph::encode_value(field.fallback, out);
    out.varint(field.reached.packed());
  }
  return out.take();
}

base::Status write_index(const Index& index, store::Store& store) {
  return store.put_setting(kIndexedFields, encode(index));
}

graph::Value fallback_of(const graph::Catalog& catalog, const std::string& field) {
  const graph::UserField* declared = catalog.find_user_field(field);
  return declared == nullptr ? graph::Value() : declared->fallback;
}

// Each once, of events in their order.
std::vector<IndexState> wanted_by(const graph::Catalog& catalog) {
  std::vector<IndexState> wanted;
  for (const graph::EventType& event : catalog.events) {
    if (!event.fan_out) continue;
    const graph::FanOut& rule = *event.fan_out;
    const bool known = std::ranges::any_of(wanted, [&](const IndexState& field) {
      return field.name == rule.user_field && field.contains == rule.contains;
    });
    if (known) continue;
    IndexState field;
    field.name = rule.user_field;
    field.contains = rule.contains;
    field.fallback = fallback_of(catalog, rule.user_field);
    wanted.push_back(std::move(field));
  }
  return wanted;
}

bool is_alike(const IndexState& a, const IndexState& b) {
  return a.name == b.name && a.contains == b.contains && a.fallback == b.fallback;
}

// First marked, then removed: a start in between knows that rows may be gone.
base::Status drop_unread(Index& index, store::Store& store) {
  const auto is_dropped = [](const IndexState& field) { return field.dropped; };
  if (std::ranges::none_of(index.fields, is_dropped)) return {};
  for (const IndexState& field : index.fields) {
    if (!field.dropped) continue;
    for (bool done = false; !done;) {
      auto some = store.drop_field_values(field.number, kDropBatch);
      if (!some) return tl::unexpected(some.error());
      done = *some;
    }
  }
  std::erase_if(index.fields, is_dropped);
  return write_index(index, store);
}

base::Status put_values(std::vector<store::FieldValue> values, store::Store& store) {
  store::Commit commit;
  commit.put_field_values = std::move(values);
  base::Status status;
  if (commit.empty()) return status;
  store.commit(commit, [&](const base::Result<std::uint64_t>& done) {
    if (!done) status = tl::unexpected(done.error());
  });
  return status;
}

}  // namespace

base::Result<std::vector<IndexState>> decode_index(std::string_view bytes) {
  auto index = decode(bytes);
  if (!index) return tl::unexpected(index.error());
  return std::move(index->fields);
}

base::Result<std::vector<IndexedField>> settle_index(const graph::Catalog& catalog,
                                                     store::Store& store) {
  auto index = read_index(store);
  if (!index) return tl::unexpected(index.error());
  const std::vector<IndexState> wanted = wanted_by(catalog);
  const std::string before = encode(*index);
  for (IndexState& field : index->fields) {
    field.dropped = field.dropped || std::ranges::none_of(wanted, [&](const IndexState& other) {
                      return is_alike(field, other);
                    });
  }
  std::vector<IndexedField> out;
  for (const IndexState& field : wanted) {
    auto kept = std::ranges::find_if(index->fields, [&](const IndexState& other) {
      return !other.dropped && is_alike(field, other);
    });
    if (kept == index->fields.end()) {
      kept = index->fields.insert(kept, field);
      kept->number = index->next_number++;
    }
    out.push_back({kept->name, kept->contains, kept->number});
  }
  if (encode(*index) != before) {
    if (auto put = write_index(*index, store); !put) return tl::unexpected(put.error());
  }
  if (auto dropped = drop_unread(*index, store); !dropped) return tl::unexpected(dropped.error());
  return out;
}

base::Status build_index(const Program& program, store::Store& store) {
  auto index = read_index(store);
  if (!index) return tl::unexpected(index.error());
  while (true) {
    // Those that are behind the furthest catch up with it first.
    std::optional<store::UserId> from;
    for (const IndexState& field : index->fields) {
      if (!field.complete && (!from || field.reached < *from)) from = field.reached;
    }
    if (!from) return {};
    auto heads = store.heads(*from, kBuildBatch);
    if (!heads) return tl::unexpected(heads.error());
    std::vector<store::FieldValue> values;
    for (const store::Row& head : *heads) {
      auto user = UserState::from_rows(head.key.user, {head}, program);
      if (!user) return tl::unexpected(user.error());
      for (const store::FieldValue& entry : index_entries(*user, program)) {
        values.push_back(entry);
      }
    }
    if (auto put = put_values(std::move(values), store); !put) return put;
    for (IndexState& field : index->fields) {
      if (field.complete || field.reached != *from) continue;
      field.complete = heads->size() < kBuildBatch;
      if (!heads->empty()) field.reached = heads->back().key.user;
    }
    if (auto put = write_index(*index, store); !put) return put;
  }
}

std::vector<store::FieldValue> index_entries(const UserState& user, const Program& program) {
  std::vector<store::FieldValue> entries;
  if (!has_appeared(user.head())) return entries;
  for (const IndexedField& field : program.indexed_fields()) {
    for (const auto& key : engine::fan_out_keys(user.field(field.name), field.contains)) {
      entries.push_back({field.number, key, user.id()});
    }
  }
  std::ranges::sort(entries);
  return entries;
}

}  // namespace sojourn::runtime
