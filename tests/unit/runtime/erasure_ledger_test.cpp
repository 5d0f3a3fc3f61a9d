// The ledger of erasures as a file, and what a store that is put back from a backup learns from it.
#include "runtime/erasure_ledger.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/unit/runtime/erasure_fixture.h"

namespace sojourn::runtime {
namespace {

namespace fs = std::filesystem;
using store::Identity;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using What = LedgerEntry::What;

constexpr base::Instant kThen{1'772'355'600'000};

LedgerEntry entry(What what, char digit, Identity::Kind kind = Identity::Kind::kForgottenEmail) {
  return {what, {kind, std::string(64, digit)}};
}

std::string text_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class ErasureLedgerTest : public testing::Test {
 protected:
  ErasureLedgerTest() {
    std::string name = (fs::temp_directory_path() / "sojourn-ledger-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    path = (folder / "data.erasures").string();
  }
  ~ErasureLedgerTest() override { fs::remove_all(folder); }

  std::unique_ptr<ErasureLedger> open() const {
    auto ledger = ErasureLedger::open(path);
    EXPECT_TRUE(ledger.has_value()) << ledger.error().message;
    return ledger ? std::move(*ledger) : nullptr;
  }
  void append(const std::vector<LedgerEntry>& entries) const {
    ASSERT_TRUE(open()->append(entries, key, kThen));
  }
  std::string error() const {
    const auto ledger = ErasureLedger::open(path);
    return ledger ? "" : ledger.error().message;
  }
  void write(const std::string& text) const {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }

  const std::string key = std::string(64, 'f');
  fs::path folder;
  std::string path;
};

TEST_F(ErasureLedgerTest, WhatWasAppendedIsThereWhenItIsOpenedAgain) {
  EXPECT_EQ(open()->lines(), 0U);
  EXPECT_FALSE(fs::exists(path)) << "it begins with the first erasure";
  append({entry(What::kErased, '1'), entry(What::kErased, '2', Identity::Kind::kForgottenUserId)});
  append({entry(What::kForgotten, '3'), entry(What::kUnforgotten, '3')});
  const auto ledger = open();
  EXPECT_EQ(ledger->lines(), 4U);
  EXPECT_EQ(ledger->key(), key);
  EXPECT_THAT(*ledger->after(1),
              ElementsAre(entry(What::kErased, '2', Identity::Kind::kForgottenUserId),
                          entry(What::kForgotten, '3'), entry(What::kUnforgotten, '3')));
  EXPECT_THAT(*ledger->after(4), IsEmpty());
  const auto mode = fs::status(path).permissions();
  EXPECT_EQ(mode, fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ErasureLedgerTest, ALineThatACrashToreIsNoLine) {
  append({entry(What::kErased, '1')});
  const std::string whole = text_of(path);
  append({entry(What::kErased, '2')});
  const std::string both = text_of(path);
  for (std::size_t size = whole.size(); size < both.size(); ++size) {
    write(both.substr(0, size));
    EXPECT_EQ(open()->lines(), 1U) << size;
  }
  write(whole + std::string(40, '\0'));
  append({entry(What::kErased, '3')});
  EXPECT_THAT(*open()->after(0), ElementsAre(entry(What::kErased, '1'), entry(What::kErased, '3')));
}

// ext4 leaves it so, when the length of the file is in its journal before the data is written.
TEST_F(ErasureLedgerTest, ZerosInPlaceOfTheLastAppendAreNoLines) {
  append({entry(What::kErased, '1')});
  const std::string whole = text_of(path);
  append({entry(What::kForgotten, '2'), entry(What::kForgotten, '3'), entry(What::kForgotten, '4'),
          entry(What::kForgotten, '5')});
  const std::string all = text_of(path);
  for (std::size_t zeros = 1; whole.size() + zeros <= all.size(); ++zeros) {
    std::string torn = all;
    torn.replace(whole.size(), zeros, zeros, '\0');
    write(torn);
    EXPECT_EQ(open()->lines(), 1U) << zeros;
  }
  append({entry(What::kErased, '6')});
  EXPECT_THAT(*open()->after(0), ElementsAre(entry(What::kErased, '1'), entry(What::kErased, '6')));
  write(whole + std::string(4096, '\0'));
  EXPECT_THAT(error(), HasSubstr("damaged at its end")) << "no append is as long";
  write(whole + std::string(20, '\0') + "\n" + std::string(2'000, 'x'));
  EXPECT_THAT(error(), HasSubstr("damaged at line 3")) << "nor was it the last";
}

TEST_F(ErasureLedgerTest, TornWhenItWasBegunItIsBegunAgain) {
  append({entry(What::kErased, '1')});
  const std::string text = text_of(path);
  const std::size_t header = text.find('\n') + 1;
  for (std::size_t size = 0; size < header; ++size) {
    write(text.substr(0, size));
    append({entry(What::kErased, '2')});
    EXPECT_THAT(*open()->after(0), ElementsAre(entry(What::kErased, '2'))) << size;
  }
}

TEST_F(ErasureLedgerTest, AnyByteThatWasChangedIsFound) {
  append({entry(What::kErased, '1'), entry(What::kForgotten, '2')});
  const std::string text = text_of(path);
  // But for the very last: without it the last line is a torn one.
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == '5' ? '6' : '5';
    write(changed);
    EXPECT_THAT(error(), HasSubstr("is damaged at")) << at;
  }
  EXPECT_EQ(text_of(path).size(), text.size()) << "it is left as it is";
}

TEST_F(ErasureLedgerTest, ALineThatWasLeftOutOrPutInIsFound) {
  append({entry(What::kErased, '1'), entry(What::kErased, '2'), entry(What::kErased, '3')});
  std::vector<std::string> lines;
  std::stringstream text(text_of(path));
  for (std::string line; std::getline(text, line);) lines.push_back(line + "\n");
  ASSERT_EQ(lines.size(), 4U);
  write(lines[0] + lines[1] + lines[3]);
  EXPECT_THAT(error(), HasSubstr("damaged at line 3"));
  write(lines[0] + lines[1] + lines[1] + lines[2]);
  EXPECT_THAT(error(), HasSubstr("damaged at line 3"));
  write("something else\n" + lines[0]);
  EXPECT_THAT(error(), HasSubstr("damaged at line 1"));
  write(std::string(100'000, 'x'));
  EXPECT_THAT(error(), HasSubstr("damaged at its end"));
}

TEST_F(ErasureLedgerTest, ReadingALongOneTellsThatItGoesOn) {
  const std::vector<LedgerEntry> many(25'000, entry(What::kErased, '1'));  // over 2 MiB
  append(many);
  int told = 0;
  const auto ledger = ErasureLedger::open(path, [&] { ++told; });
  ASSERT_TRUE(ledger.has_value());
  EXPECT_GE(told, 3);
  told = 0;
  EXPECT_EQ((*ledger)->after(1).value().size(), many.size() - 1);
  EXPECT_GE(told, 3) << "it is read anew";
}

TEST_F(ErasureLedgerTest, OneProcessHasItOpen) {
  append({entry(What::kErased, '1')});
  const auto ledger = open();
  EXPECT_THAT(error(), HasSubstr("in use by another process"));
}

TEST_F(ErasureLedgerTest, WhereItCannotBeWrittenNothingIsAppended) {
  path = (folder / "nowhere" / "data.erasures").string();
  const auto ledger = open();
  const std::vector<LedgerEntry> one{entry(What::kErased, '1')};
  const auto failed = ledger->append(one, key, kThen);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("cannot make the ledger of erasures"));
  fs::create_directory(folder / "nowhere");
  EXPECT_TRUE(ledger->append(one, key, kThen)) << "once its folder is there";
  EXPECT_EQ(ledger->lines(), 1U);
}

// A shard with a ledger, whose store is put back as it was before.
class LedgerReplayTest : public ErasureLedgerTest {
 protected:
  ShardSettings settings() const {
    ShardSettings settings;
    settings.turn.ledger = ledger.get();
    return settings;
  }
  void sign_up(const std::string& who) {
    EXPECT_EQ(world.update(R"({"email":")" + who + R"(@example.com","userId":")" + who + "\"}"),
              "200 Success");
    EXPECT_EQ(world.track(R"({"email":")" + who + R"(@example.com","eventName":"signup"})"),
              "200 Success");
  }
  bool is_known(const std::string& who) {
    return world.report(who).find("\"id\"") != std::string::npos;
  }
  std::string forget(const std::string& who) {
    return world.post(IntakeRequest::Endpoint::kUsersForget,
                      R"({"email":")" + who + R"(@example.com"})");
  }
  std::string erase(const std::string& who) { return world.erase("/api/users/byUserId/" + who); }
  std::string track(const std::string& who) {
    return world.track(R"({"email":")" + who + R"(@example.com","eventName":"login"})");
  }
  void back_up() { world.copy_store_to(folder / "backup"); }
  void put_back() { world.put_store_back(folder / "backup"); }

  std::unique_ptr<ErasureLedger> ledger = open();
  ShardWorld world{kWorld, settings()};
};

TEST_F(LedgerReplayTest, WhoWasErasedSinceTheBackupIsErasedAgain) {
  for (const char* who : {"ada", "bob", "cyd"}) sign_up(who);
  back_up();
  EXPECT_EQ(erase("ada"), "200 Success");
  EXPECT_EQ(forget("bob"), "200 Success");
  put_back();
  EXPECT_FALSE(is_known("ada"));
  EXPECT_FALSE(is_known("bob"));
  EXPECT_TRUE(is_known("cyd"));
  EXPECT_EQ(world.counter("users_erased"), 2);
  ASSERT_FALSE(world.notes().empty());
  EXPECT_EQ(world.notes().back().event, "erased_again");
  EXPECT_EQ(world.notes().back().detail, "lines=4 people=2");
  EXPECT_EQ(track("bob"), "400 ForgottenUserError") << "the backup knew of no forgotten name";
  EXPECT_EQ(track("ada"), "200 Success") << "she may come again";
  world.restart();
  EXPECT_TRUE(is_known("ada@example.com")) << "as somebody new, whom no restart erases";
  EXPECT_EQ(text_of(path).find("ada"), std::string::npos);
}

TEST_F(LedgerReplayTest, WhoCameAgainBeforeTheBackupStays) {
  sign_up("ada");
  EXPECT_EQ(erase("ada"), "200 Success");
  sign_up("ada");
  back_up();
  sign_up("bob");
  EXPECT_EQ(erase("bob"), "200 Success");
  put_back();
  EXPECT_TRUE(is_known("ada"));
  EXPECT_FALSE(is_known("bob"));
}

TEST_F(LedgerReplayTest, NamesAreRefusedAsTheLastLineSays) {
  sign_up("ada");
  sign_up("bob");
  EXPECT_EQ(forget("bob"), "200 Success");
  back_up();
  EXPECT_EQ(forget("ada"), "200 Success");
  for (const char* body : {R"({"email":"ada@example.com"})", R"({"email":"bob@example.com"})"}) {
    EXPECT_EQ(world.post(IntakeRequest::Endpoint::kUsersUnforget, body), "200 Success");
  }
  put_back();
  EXPECT_FALSE(is_known("ada"));
  EXPECT_EQ(track("ada"), "200 Success");
  EXPECT_EQ(track("bob"), "200 Success");
}

TEST_F(LedgerReplayTest, ALineWhoseCommitNeverCameIsCarriedOutAtTheNextStart) {
  sign_up("ada");
  sign_up("bob");
  EXPECT_EQ(erase("bob"), "200 Success");
  ForgottenNames names;
  ASSERT_TRUE(names.load(world.store()));
  const std::vector<LedgerEntry> lines{
      {What::kForgotten, names.mark({Identity::Kind::kUserId, "ada"})}};
  ASSERT_TRUE(ledger->append(lines, names.key(), world.now()));
  EXPECT_TRUE(is_known("ada"));
  world.restart();
  EXPECT_FALSE(is_known("ada"));
  EXPECT_EQ(world.update(R"({"userId":"ada"})"), "409 ForgottenUserError");
  EXPECT_EQ(world.counter(std::string(kErasuresInLedger)), 3);
}

// As it is after a process that died before its sync: the line may be in memory alone, and a store
// that had seen it would not start after a power cut (tests/faults, storage.power_cut_erasures).
TEST_F(LedgerReplayTest, LinesThatTheStoreHasNotSeenAreWrittenAgainBeforeItTakesThemOn) {
  sign_up("ada");
  back_up();
  EXPECT_EQ(erase("ada"), "200 Success");
  const std::string text = text_of(path);
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(path, long_ago);
  world.restart();
  EXPECT_EQ(fs::last_write_time(path), long_ago) << "the store has seen all of it";
  put_back();
  EXPECT_GT(fs::last_write_time(path), long_ago);
  EXPECT_EQ(text_of(path), text);
}

TEST_F(LedgerReplayTest, WhoseUserIdStoodBesideAnothersEmailStays) {
  sign_up("bob");
  EXPECT_EQ(track("ada"), "200 Success");
  back_up();
  EXPECT_EQ(world.post(IntakeRequest::Endpoint::kUsersForget,
                       R"({"email":"ada@example.com","userId":"bob"})"),
            "200 Success");
  EXPECT_EQ(ledger->lines(), 1U);
  put_back();
  EXPECT_FALSE(is_known("ada@example.com"));
  EXPECT_TRUE(is_known("bob"));
  EXPECT_EQ(track("bob"), "200 Success");
}

TEST_F(LedgerReplayTest, NothingLeavesForThemFromTheBackup) {
  sign_up("ada");
  while (!world.nothing_to_take()) world.take();
  back_up();
  EXPECT_EQ(erase("ada"), "200 Success");
  put_back();
  world.pass(base::days24(60));
  EXPECT_TRUE(world.nothing_to_take());
}

TEST_F(LedgerReplayTest, WhereItCannotBeWrittenNobodyIsErased) {
  sign_up("ada");
  fs::create_directory(path);
  EXPECT_EQ(erase("ada"), "503 ServiceUnavailable");
  EXPECT_EQ(forget("ada"), "503 ServiceUnavailable");
  EXPECT_TRUE(is_known("ada"));
  EXPECT_THAT(world.notes().back().event, "erasure_refused");
  EXPECT_THAT(world.ask(ForgetCommand{"ada", true, false, "op", 1}),
              HasSubstr("nobody was erased"));
  EXPECT_THAT(world.commands(), IsEmpty());
  fs::remove(path);
  EXPECT_EQ(erase("ada"), "200 Success");
}

TEST_F(LedgerReplayTest, AStoreWhoseLedgerIsGoneIsNotStarted) {
  sign_up("ada");
  EXPECT_EQ(erase("ada"), "200 Success");
  fs::remove(path);
  const auto other = open();
  ForgottenNames names;
  ASSERT_TRUE(names.load(world.store()));
  const auto missing = missing_erasures(*other, world.store(), names);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("has 0 lines, and this store has seen 2"));
}

TEST_F(LedgerReplayTest, AnotherStoresLedgerIsRefused) {
  sign_up("ada");
  back_up();
  EXPECT_EQ(erase("ada"), "200 Success");
  ledger.reset();
  path += "-other";
  append({entry(What::kErased, '1'), entry(What::kErased, '2'), entry(What::kErased, '3')});
  ForgottenNames names;
  ASSERT_TRUE(names.load(world.store()));
  const auto missing = missing_erasures(*open(), world.store(), names);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("its key is not that of this store's"));
}

}  // namespace
}  // namespace sojourn::runtime
