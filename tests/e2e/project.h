// A Sojourn project in a temporary folder of its own, gone with the object. Its
// keys are files; its daemon listens on any free port and sends to a local port.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sojourn::e2e {

struct ProjectSettings {
  std::string name = "e2e";
  int iterable_port = 1;  // where the sandbox listens
  std::string listen;     // more lines under [listen]
  std::string store_path = "data";
  std::string store;     // more lines under [store]
  std::string base_url;  // of Iterable; empty: the sandbox's
  std::string intake;    // more lines under [intake]
  std::string iterable;  // more lines under [iterable]
  std::string more;      // more of sojourn.toml, at its top
  int ballast_mb = 1;
  int write_ahead_log_kb = 65'536;
};

class Project {
 public:
  static constexpr std::string_view kIntakeKey = "an-intake-key";

  Project();
  ~Project();
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  void write(const std::string& name, std::string_view text) const;
  // sojourn.toml and the keys.
  void configure(const ProjectSettings& settings) const;

 private:
  std::filesystem::path folder_;
};

// A catalog and the journey `welcome`: a message at once, two days later one that
// depends on `entry.plan`, a day later the end.
extern const std::string_view kWelcomeCatalog;
extern const std::string_view kWelcomeJourney;

}  // namespace sojourn::e2e
