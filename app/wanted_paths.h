// Which files of a project a command was asked about. A value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sojourn::app {

class WantedPaths {
 public:
  // Files or folders in the project at `root` (absolute); an error when one of them is
  // not there.
  static base::Result<WantedPaths> resolve(const std::vector<std::string>& paths,
                                           const std::string& root);

  // `file`: relative to the project, with slashes.
  bool include(std::string_view file) const;
  // The first path in which none of `files` is, as it was given; empty when each has one.
  std::string first_without(const std::vector<std::string_view>& files) const;

 private:
  struct Path {
    std::string given;
    std::string relative;  // to the project; `.` is all of it
  };
  std::vector<Path> paths_;
};

}  // namespace sojourn::app
