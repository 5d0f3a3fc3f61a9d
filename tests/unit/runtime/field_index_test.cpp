// The index of users by what they read as, made for those who are already there.
#include "runtime/field_index.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "engine/fan_out.h"
#include "runtime/program.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/store/vfs.h"
#include "runtime/user_head.h"

namespace sojourn::runtime {
namespace {

// More than two steps of the building.
constexpr std::uint64_t kUsers = 4'500;
constexpr std::uint64_t kAccounts = 3;

graph::Catalog catalog() {
  graph::Catalog catalog;
  graph::Type text;
  text.kind = graph::Type::Kind::kString;
  catalog.user_fields = {{"account", text, {}}};
  graph::EventType closed{"closed", "closed", {{"account", text}}};
  closed.fan_out = graph::FanOut{"account", false, "account", 5'000};
  catalog.events.push_back(closed);
  return catalog;
}

std::string account(std::uint64_t number) {
  return fmt::format("a{}", number % kAccounts);
}

// Fails the n-th sync from now on.
class FailingSync final : public store::IoObserver {
 public:
  Verdict before(const store::IoCall& call) override {
    if (call.kind != store::IoCall::Kind::kSync || left < 0 || left-- > 0) return Verdict::kPass;
    return Verdict::kIoError;
  }
  int left = -1;
};

class FieldIndex : public testing::Test {
 protected:
  FieldIndex() {
    std::string name = (std::filesystem::temp_directory_path() / "sojourn-index-XXXXXX").string();
    SOJOURN_CHECK(mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
    folder_ = name;
    open();
  }
  ~FieldIndex() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    store_.reset();
    store::SqliteOptions options;
    options.path = (folder_ / "sojourn.db").string();
    options.observer = &syncs_;
    store_ = std::move(*store::open_sqlite_store(options));
  }

  void put_users() {
    store::Commit commit;
    for (std::uint64_t number = 1; number <= kUsers; ++number) {
      UserHead head;
      head.set({"account",
                graph::Value(account(number)),
                ProfileField::Source::kIntake,
                base::Instant{1},
                {}});
      const store::UserId user{static_cast<std::uint16_t>(number % 7), number};
      commit.put_rows.push_back({{user, store::RowKind::kHead, 0}, encode(head)});
    }
    store_->commit(commit, [](const auto& done) { ASSERT_TRUE(done); });
  }

  // As at a start of the daemon. False when it failed on the way.
  bool build() {
    const auto fields = settle_index(catalog(), *store_);
    if (!fields) return false;
    number_ = fields->at(0).number;
    const Program program("p", catalog(), {}, *fields);
    return build_index(program, *store_).has_value();
  }

  std::size_t users_of(std::uint64_t of_account) {
    const graph::FanOut rule = *catalog().events[0].fan_out;
    const auto key = engine::fan_out_key(rule, {{"account", graph::Value(account(of_account))}});
    return store_->users_with(number_, *key, 2 * kUsers)->size();
  }

  FailingSync syncs_;
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::uint32_t number_ = 0;
};

TEST_F(FieldIndex, HasThoseWhoAreAlreadyThere) {
  put_users();
  ASSERT_TRUE(build());
  for (std::uint64_t of = 0; of < kAccounts; ++of) EXPECT_EQ(users_of(of), kUsers / kAccounts);
  const std::uint64_t sequence = store_->sequence();
  open();
  ASSERT_TRUE(build());
  EXPECT_EQ(store_->sequence(), sequence) << "made once";
}

TEST_F(FieldIndex, GoesOnWhereTheStartWasInterrupted) {
  put_users();
  int failures = 0;
  std::uint64_t before = store_->sequence();
  // Each start comes a sync further than the one before.
  for (int sync = 1;; ++sync) {
    syncs_.left = sync;
    const bool built = build();
    syncs_.left = -1;
    open();
    EXPECT_GE(store_->sequence(), before);
    before = store_->sequence();
    if (built) break;
    ++failures;
    ASSERT_LT(failures, 100);
  }
  EXPECT_GT(failures, 2);
  ASSERT_TRUE(build());
  for (std::uint64_t of = 0; of < kAccounts; ++of) EXPECT_EQ(users_of(of), kUsers / kAccounts);
}

TEST_F(FieldIndex, IsDroppedWhenNothingReadsItAndMadeAnewAfterThat) {
  put_users();
  ASSERT_TRUE(build());
  const std::uint32_t first = number_;
  ASSERT_TRUE(settle_index(graph::Catalog(), *store_)->empty());
  EXPECT_EQ(users_of(0), 0U);
  ASSERT_TRUE(build());
  EXPECT_NE(number_, first);
  EXPECT_EQ(users_of(0), kUsers / kAccounts);
}

TEST_F(FieldIndex, OfTheVersionBeforeIsMadeAnew) {
  put_users();
  ASSERT_TRUE(build());
  const std::uint32_t first = number_;
  std::string stored = **store_->setting(kIndexedFields);
  stored.at(0) = 1;
  ASSERT_TRUE(store_->put_setting(kIndexedFields, stored));
  ASSERT_TRUE(build());
  EXPECT_NE(number_, first);
  EXPECT_EQ(users_of(0), kUsers / kAccounts);
  number_ = first;
  EXPECT_EQ(users_of(0), 0U) << "with those who are none of them";
}

TEST_F(FieldIndex, DamagedBytesAreAnError) {
  ASSERT_TRUE(build());
  const std::string stored = **store_->setting("indexed_fields");
  for (std::size_t size = 0; size < stored.size(); ++size) {
    ASSERT_TRUE(store_->put_setting("indexed_fields", stored.substr(0, size)));
    EXPECT_FALSE(build()) << size;
  }
}

}  // namespace
}  // namespace sojourn::runtime
