// `sojourn backup`, `restore` and `release`: a copy of a project's store, with what is needed to
// trust it; a store made of one, which is held; and its release (docs/running.md, "Backups").
#pragma once

#include <iosfwd>
#include <string>

#include "app/ask_daemon.h"
#include "app/store_path.h"

namespace sojourn::app {

struct BackupOptions : StorePlace {
  std::string to;  // a folder that is not there yet
};
// Asks the daemon, where one runs; else copies the file. The copy is checked before it has its
// name. kClean, or kCouldNotRun.
int backup(const BackupOptions& options, std::ostream& out, std::ostream& err);

struct RestoreOptions : StorePlace {
  std::string from;  // a folder that `backup` has made
};
// kClean, kFindings when the backup is not sound, or kCouldNotRun; then nothing was made.
int restore(const RestoreOptions& options, std::ostream& out, std::ostream& err);

struct ReleaseOptions : OperatorOptions {
  bool timers = false;
  bool yes = false;
  std::string by;
};
int release(const ReleaseOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
