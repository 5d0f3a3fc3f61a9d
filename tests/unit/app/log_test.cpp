// The log goes to a pipe whose reader comes late.
#include "app/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/driven_clock.h"

namespace sojourn::app {
namespace {

class UnreadLog : public testing::Test {
 protected:
  UnreadLog() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
  ~UnreadLog() override {
    close(ends_[0]);
    close(ends_[1]);
  }

  // All that is there; the log gives what waits as room comes.
  std::string read_all(const Log& log) const {
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    std::string out;
    char some[4'096];
    for (ssize_t got = 0; (got = read(ends_[0], some, sizeof some)) > 0; log.flush()) {
      out.append(some, static_cast<std::size_t>(got));
    }
    return out;
  }
  int writing_end() const { return ends_[1]; }

 private:
  int ends_[2] = {-1, -1};
};

TEST_F(UnreadLog, StopsNobodyAndSaysWhatWasLost) {
  base::DrivenClock clock{base::Instant{1'772'355'600'000}};
  const Log log(clock, false, writing_end());
  const std::string length(1'000, 'x');
  constexpr int kLines = 2'000;
  for (int i = 0; i < kLines; ++i) {
    log.info("line", {{"number", std::to_string(i)}, {"length", length}});
  }
  const std::string text = read_all(log);
  int next = 0;
  std::size_t at = 0;
  for (std::size_t end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    const std::string line = text.substr(at, end - at);
    if (line.find("log_lines_lost") != std::string::npos) {
      EXPECT_NE(line.find(fmt::format(R"("lines":"{}")", kLines - next)), std::string::npos)
          << line;
      EXPECT_EQ(end + 1, text.size()) << "it is said behind those that waited";
      next = kLines;
      continue;
    }
    EXPECT_NE(line.find(fmt::format(R"("number":"{}")", next)), std::string::npos) << line;
    ++next;
  }
  EXPECT_EQ(at, text.size()) << "whole lines only";
  EXPECT_EQ(next, kLines);
  EXPECT_GT(text.size(), LineOutput::kMostWaiting);
}

TEST_F(UnreadLog, TakesALineThatIsLongerThanAPipe) {
  base::DrivenClock clock{base::Instant{1'772'355'600'000}};
  const Log log(clock, false, writing_end());
  const std::string length(200'000, 'x');
  log.info("line", {{"length", length}});
  const std::string text = read_all(log);
  EXPECT_NE(text.find(length), std::string::npos);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

}  // namespace
}  // namespace sojourn::app
