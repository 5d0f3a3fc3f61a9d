#include "app/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <set>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using testing::HasSubstr;

const std::string kHex(64, 'a');

std::string table(const std::string& name, const std::string& hex = kHex) {
  return fmt::format("[{}]\nscopes = [\"ingest\"]\nsha256 = \"{}\"\n", name, hex);
}
std::string error(const std::string& text) {
  const auto keys = parse_keys(text, "keys.toml");
  return keys ? "none" : keys.error().message;
}

AccessKey key(const std::string& name, const std::string& text) {
  AccessKey out;
  out.name = name;
  out.scopes.add(Scope::kIngest);
  out.digest = digest_of(text);
  out.made = base::CivilDay{2026, 3, 1};
  return out;
}

TEST(AccessKeys, AreMadeOfTheSystemsEntropyInOneForm) {
  std::set<std::string> made;
  for (int i = 0; i < 100; ++i) {
    const std::string key = new_access_key();
    EXPECT_TRUE(has_key_form(key)) << key;
    EXPECT_EQ(key.size(), 72U);
    EXPECT_TRUE(made.insert(key).second) << "twice";
  }
  const std::string good = *made.begin();
  for (const std::string& bad :
       {std::string(), std::string("password"), good + "0", good.substr(1),
        good.substr(0, good.size() - 1) + "G", "Sojourn_" + good.substr(8)}) {
    EXPECT_FALSE(has_key_form(bad)) << bad;
  }
}

TEST(AccessKeys, HaveScopesByTheirNames) {
  for (const Scope scope : kScopes) {
    const auto one = parse_scopes(to_string(scope));
    ASSERT_TRUE(one.has_value());
    for (const Scope other : kScopes) EXPECT_EQ(one->has(other), other == scope);
  }
  EXPECT_EQ(to_string(*parse_scopes("erase,ingest")), "ingest,erase");
  for (const char* bad :
       {"", "all", "ingest,", ",ingest", "ingest read", "Ingest", "ingest,,read"}) {
    EXPECT_FALSE(parse_scopes(bad).has_value()) << bad;
  }
}

TEST(AccessKeys, HaveHashesThatAreThoseOfTheStandard) {
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(to_hex(digest_of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_from_hex(to_hex(digest_of("abc"))), digest_of("abc"));
  for (const std::string& bad : {std::string(), std::string(63, 'a'), std::string(65, 'a'),
                                 std::string(64, 'A'), std::string(63, 'a') + "g"}) {
    EXPECT_FALSE(digest_from_hex(bad).has_value()) << bad;
  }
}

TEST(KeyFile, SaysWhatItWasGiven) {
  AccessKey all = key("all-of-it", "x");
  for (const Scope scope : kScopes) all.scopes.add(scope);
  all.made.reset();
  const auto read = parse_keys(keys_text({key("shop", "y"), all}), "keys.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  // TOML's tables come in the order of their names.
  EXPECT_EQ(read->at(0).name, "all-of-it");
  EXPECT_EQ(to_string(read->at(0).scopes), "ingest,read,operate,erase");
  EXPECT_FALSE(read->at(0).made.has_value());
  EXPECT_EQ(read->at(1).digest, digest_of("y"));
  EXPECT_EQ(read->at(1).made, (base::CivilDay{2026, 3, 1}));
  EXPECT_FALSE(read->at(1).self_made);
}

TEST(KeyFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(error(table("shop")), "none");
  EXPECT_THAT(error("[shop]\nscopes = []\nsha256 = \"" + kHex + "\""), HasSubstr("`scopes`"));
  EXPECT_THAT(error("[shop]\nscopes = [\"all\"]\nsha256 = \"" + kHex + "\""), HasSubstr("scopes"));
  EXPECT_THAT(error("[shop]\nsha256 = \"" + kHex + "\""), HasSubstr("scopes"));
  EXPECT_THAT(error("[shop]\nscopes = [\"read\"]"), HasSubstr("sha256"));
  EXPECT_THAT(error(table("shop", "abc")), HasSubstr("64 lower-case hex digits"));
  EXPECT_THAT(error(table("shop") + "key = \"sojourn_1\"\n"), HasSubstr("key"));
  EXPECT_THAT(error(table("shop") + "made = \"today\"\n"), HasSubstr("made"));
  EXPECT_THAT(error(table("Shop")), HasSubstr("`Shop` is no name of a key"));
  EXPECT_THAT(error(table("\"[intake]\"")), HasSubstr("is no name of a key"));
  EXPECT_THAT(error(table("a") + table("b")), HasSubstr("`a` and `b` are the same key"));
  EXPECT_THAT(error("shop = 1"), HasSubstr("shop"));
  EXPECT_THAT(error("[shop"), HasSubstr("keys.toml"));
}

TEST(KeyFile, HasALimit) {
  std::string text;
  for (std::size_t i = 0; i < kMaxKeys; ++i)
    text += table(fmt::format("k{}", i), fmt::format("{:064x}", i));
  EXPECT_EQ(error(text), "none");
  text += table("one-more", fmt::format("{:064x}", kMaxKeys));
  EXPECT_THAT(error(text), HasSubstr("at most 64"));
}

class KeyFileOnDisk : public testing::Test {
 protected:
  base::Status add(const std::string& name) {
    return change_key_file(path_, [&](AccessKeys& keys) {
      keys.push_back(key(name, name));
      return base::Status{};
    });
  }
  TemporaryFolder folder_;
  const std::string path_ = folder_.path("keys.toml");
};

TEST_F(KeyFileOnDisk, IsMadeForItsOwnerToWriteAndTheDaemonToRead) {
  EXPECT_TRUE(read_key_file(path_)->empty()) << "nobody, where there is no file";
  ASSERT_TRUE(add("shop").has_value());
  struct stat made{};
  ASSERT_EQ(::stat(path_.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777, 0644U);
  ASSERT_TRUE(add("web").has_value());
  EXPECT_EQ(read_key_file(path_)->size(), 2U);
}

TEST_F(KeyFileOnDisk, StaysAsItWasWhenTheChangeIsRefused) {
  ASSERT_TRUE(add("shop").has_value());
  const std::string before = folder_.read("keys.toml");
  const auto refused = change_key_file(path_, [](AccessKeys& keys) -> base::Status {
    keys.clear();
    return base::failure(base::Error::Kind::kConflict, "no");
  });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(folder_.read("keys.toml"), before);
}

TEST_F(KeyFileOnDisk, IsRefusedWhereOthersMayWriteIt) {
  ASSERT_TRUE(add("shop").has_value());
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    const auto read = read_key_file(path_);
    ASSERT_FALSE(read.has_value()) << mode;
    EXPECT_THAT(read.error().message, HasSubstr("others may write"));
    EXPECT_THAT(read.error().hint, HasSubstr("chmod go-w"));
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  EXPECT_TRUE(read_key_file(path_).has_value()) << "who reads it has only hashes";
}

TEST_F(KeyFileOnDisk, IsRefusedWhereAnotherUserOwnsIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  constexpr uid_t kSomebody = 12'345;
  ASSERT_TRUE(add("shop").has_value());
  ASSERT_EQ(::chown(path_.c_str(), kSomebody, kSomebody), 0);
  const auto read = read_key_file(path_);
  ASSERT_FALSE(read.has_value());
  EXPECT_THAT(read.error().message, HasSubstr("belongs to user 12345"));
  EXPECT_THAT(read.error().hint, HasSubstr("chown root"));
  // Of a project that is theirs altogether root may list and make keys.
  ASSERT_EQ(::chown(folder_.path().c_str(), kSomebody, kSomebody), 0);
  EXPECT_TRUE(read_key_file(path_).has_value());
}

TEST_F(KeyFileOnDisk, IsReadOnlyWhereItIsAFile) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  const auto read = read_key_file(path_);
  ASSERT_FALSE(read.has_value()) << "and nobody waits for a writer";
  EXPECT_THAT(read.error().message, HasSubstr("no regular file"));
}

TEST_F(KeyFileOnDisk, IsNotWaitedForWithoutEnd) {
  const int held = ::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  const auto change = [](AccessKeys&) { return base::Status{}; };
  const auto refused = change_key_file(path_, change, base::Millis{50});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, base::Error::Kind::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("another process holds the lock"));
  ::close(held);
  EXPECT_TRUE(change_key_file(path_, change, base::Millis{50}).has_value());
}

TEST_F(KeyFileOnDisk, LosesNothingWhenManyChangeItAtOnce) {
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] { EXPECT_TRUE(add(fmt::format("k{}", i)).has_value()); });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(read_key_file(path_)->size(), 8U);
}

TEST_F(KeyFileOnDisk, LetsInWhatStandsUnderIntakeToo) {
  Config config;
  config.root = folder_.path();
  config.keys_file = path_;
  EXPECT_TRUE(read_access_keys(config)->empty());
  const auto nobody = expect_senders(config, {});
  ASSERT_FALSE(nobody.has_value());
  EXPECT_THAT(nobody.error().message, HasSubstr("no key may ingest"));
  EXPECT_THAT(nobody.error().hint, HasSubstr("sojourn key new"));

  folder_.write("intake.key", "self-made\n");
  config.intake_key = SecretSource{"intake.key", ""};
  auto keys = read_access_keys(config);
  ASSERT_TRUE(keys.has_value()) << keys.error().message;
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(keys->at(0).name, kIntakeKeyName);
  EXPECT_EQ(to_string(keys->at(0).scopes), "ingest");
  EXPECT_TRUE(expect_senders(config, *keys).has_value());
  EXPECT_EQ(keys->at(0).digest, digest_of("self-made"));
  config.erase = true;
  EXPECT_EQ(to_string(read_access_keys(config)->at(0).scopes), "ingest,erase");

  ASSERT_TRUE(add("self-made").has_value());
  const auto twice = read_access_keys(config);
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message, HasSubstr("`self-made` and `[intake]` are the same key"));
  ASSERT_EQ(::unlink(path_.c_str()), 0);

  config.intake_key.reset();
  ASSERT_TRUE(add("shop").has_value());
  EXPECT_EQ(read_access_keys(config)->size(), 1U);
}

TEST_F(KeyFileOnDisk, DoubtsAKeyUnderIntakeThatMayBeGuessed) {
  Config config;
  config.root = folder_.path();
  EXPECT_FALSE(doubt_about_intake_key(config).has_value()) << "there is none";
  config.intake_key = SecretSource{"intake.key", ""};
  EXPECT_FALSE(doubt_about_intake_key(config).has_value()) << "it cannot be read";
  folder_.write("intake.key", std::string(15, 'k') + "\n");
  const auto doubt = doubt_about_intake_key(config);
  ASSERT_TRUE(doubt.has_value());
  EXPECT_THAT(*doubt, HasSubstr("has fewer than 16 characters"));
  EXPECT_THAT(*doubt, testing::Not(HasSubstr("kkk")));
  folder_.write("intake.key", std::string(16, 'k') + "\n");
  EXPECT_FALSE(doubt_about_intake_key(config).has_value());
}

}  // namespace
}  // namespace sojourn::app
