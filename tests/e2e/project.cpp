#include "tests/e2e/project.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>

#include "base/check.h"

namespace sojourn::e2e {

const std::string_view kWelcomeCatalog = R"(
user { plan "free" | "pro", seats integer }

event signup { plan string, seats integer? }
event bought { amount number }

message_type account = 1 transactional opt_out

campaign hello     = 101 email account { data { plan string } }
campaign pro_tips  = 102 email account { data { seats integer } }
campaign free_tips = 103 email account

policy { timezone user.timeZone default "Europe/Berlin" }
)";

const std::string_view kWelcomeJourney = R"(
journey welcome "Welcome" {
  owner "lifecycle@example.com"
  enter on signup
  exit  on bought as converted

  send hello with { plan: entry.plan }
  wait 2d
  if entry.plan == "pro" {
    send pro_tips with { seats: entry.seats default 1 }
  } else {
    send free_tips
  }
  wait 1d
}
)";

Project::Project() {
  // Short, since the path of a Unix socket has at most 107 bytes.
  std::string pattern = (std::filesystem::temp_directory_path() / "sojourn-e2e-XXXXXX").string();
  SOJOURN_CHECK(mkdtemp(pattern.data()) != nullptr, "a temporary folder can be made");
  folder_ = pattern;
}

Project::~Project() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Project::write(const std::string& name, std::string_view text) const {
  std::ofstream(folder_ / name, std::ios::binary | std::ios::trunc) << text;
}

void Project::configure(const ProjectSettings& settings) const {
  write("intake.key", kIntakeKey);
  write("iterable.key", "an-iterable-key");
  const std::string base_url = settings.base_url.empty()
                                   ? fmt::format("http://127.0.0.1:{}", settings.iterable_port)
                                   : settings.base_url;
  write("sojourn.toml",
        fmt::format(R"(project = "{}"
{}
[listen]
http = "127.0.0.1:0"
{}
[store]
path = "{}"
ballast_mb = {}
write_ahead_log_kb = {}
{}
[intake]
key_file = "intake.key"
{}
[iterable]
base_url = "{}"
allow_http = true
key_file = "iterable.key"
{}
)",
                    settings.name, settings.more, settings.listen, settings.store_path,
                    settings.ballast_mb, settings.write_ahead_log_kb, settings.store,
                    settings.intake, base_url, settings.iterable));
}

}  // namespace sojourn::e2e
