// That a file was made, renamed or removed outlives a power cut once its folder is synced.
#pragma once

#include <string>

namespace sojourn::store {

// Blocks until the disk has it. False with errno set.
bool sync_folder(const std::string& folder);
// Of the folder that `path` lies in.
bool sync_folder_of(const std::string& path);

}  // namespace sojourn::store
