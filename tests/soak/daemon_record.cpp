#include "tests/soak/daemon_record.h"

#include <iterator>
#include <utility>

#include "runtime/store/store.h"
#include "tests/soak/database.h"

namespace sojourn::soak {
namespace {

constexpr auto kEmail = static_cast<std::int64_t>(store::Identity::Kind::kEmail);
constexpr auto kLog = static_cast<std::int64_t>(store::RowKind::kLog);

}  // namespace

struct DaemonRecord::Parts {
  explicit Parts(std::unique_ptr<store::Connection> opened)
      : connection(std::move(opened)),
        people(*connection,
               "SELECT value, user_shard, user_number FROM identity WHERE kind = ? ORDER BY value"),
        log(*connection,
            "SELECT body FROM user_row WHERE shard = ? AND user_number = ? AND kind = ?"
            " ORDER BY number"),
        person(people, kEmail) {}

  base::Status read_log(std::int64_t shard, std::int64_t number, DaemonPerson& out) {
    store::Query rows(log, shard, number, kLog);
    while (rows.next()) {
      auto records = runtime::decode_log(rows.bytes(0));
      if (!records) return tl::unexpected(records.error());
      std::move(records->begin(), records->end(), std::back_inserter(out.log));
    }
    return connection->status();
  }

  std::unique_ptr<store::Connection> connection;
  store::Statement people;
  store::Statement log;
  store::Query person;
};

DaemonRecord::DaemonRecord(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
DaemonRecord::DaemonRecord(DaemonRecord&&) noexcept = default;
DaemonRecord::~DaemonRecord() = default;

base::Result<DaemonRecord> DaemonRecord::open(const std::filesystem::path& store_file) {
  auto connection = open_to_read(store_file);
  if (!connection) return tl::unexpected(connection.error());
  return DaemonRecord(std::make_unique<Parts>(std::move(*connection)));
}

base::Result<std::optional<DaemonPerson>> DaemonRecord::next() {
  if (!parts_->person.next()) {
    if (auto status = parts_->connection->status(); !status) return tl::unexpected(status.error());
    return std::nullopt;
  }
  DaemonPerson out;
  out.email = parts_->person.bytes(0);
  const auto read = parts_->read_log(parts_->person.integer(1), parts_->person.integer(2), out);
  if (!read) return tl::unexpected(read.error());
  return out;
}

base::Result<std::uint64_t> DaemonRecord::deliveries_left() {
  const auto left = parts_->connection->ask_integer("SELECT count(*) FROM delivery");
  if (auto status = parts_->connection->status(); !status) return tl::unexpected(status.error());
  return static_cast<std::uint64_t>(left);
}

base::Result<std::map<std::string, std::int64_t>> DaemonRecord::counters() {
  std::map<std::string, std::int64_t> out;
  store::Statement statement(*parts_->connection, "SELECT name, value FROM counter");
  store::Query rows(statement);
  while (rows.next()) out.emplace(rows.bytes(0), rows.integer(1));
  if (auto status = parts_->connection->status(); !status) return tl::unexpected(status.error());
  return out;
}

}  // namespace sojourn::soak
