// Every journey text of the tree: the files of examples/, journeys/ and tests/golden,
// and the examples in the pages of docs/ and dsl/pages. For properties that hold of all of them.
#pragma once

#include <string>
#include <vector>

namespace sojourn::golden {

struct JourneyText {
  std::string place;  // of the file, relative to the tree; of a page, with a number
  std::string text;
};

// By place. Fails the test when a folder that should have some has none.
std::vector<JourneyText> journey_texts();

}  // namespace sojourn::golden
