// A sandbox and a project with the journey `welcome`, ready for a daemon. The
// journey starts on 1 March at `kStart`; its steps come due at `kBranch` and `kEnd`.
#pragma once

#include <gtest/gtest.h>
#include <string>

#include "tests/e2e/project.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {

inline constexpr const char* kStart = "2026-03-01T09:00:00Z";
inline constexpr const char* kBranch = "2026-03-03T09:00:00Z";
inline constexpr const char* kEnd = "2026-03-04T09:00:00Z";

class WelcomeTest : public testing::Test {
 protected:
  WelcomeTest() {
    project.write("catalog.journey", kWelcomeCatalog);
    project.write("welcome.journey", kWelcomeJourney);
    configure({});
  }

  void configure(ProjectSettings settings) {
    settings.iterable_port = sandbox.port();
    project.configure(settings);
  }

  Project project;
  Sandbox sandbox{project.folder()};
};

}  // namespace sojourn::e2e
