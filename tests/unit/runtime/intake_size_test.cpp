#include "runtime/intake_size.h"

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace sojourn::runtime {
namespace {

IntakeRequest about(graph::Value value) {
  IntakeUpdate update;
  update.person.email = "ada@example.com";
  update.fields.emplace_back("field", std::move(value));
  IntakeRequest request;
  request.items.emplace_back(std::move(update));
  return request;
}

TEST(IntakeSize, GrowsByWhatIsSaid) {
  const std::size_t small = bytes_of(about(graph::Value("x")));
  EXPECT_EQ(bytes_of(about(graph::Value(std::string(1'001, 'x')))), small + 1'000);
  IntakeRequest forwarded = about(graph::Value("x"));
  forwarded.forwards.push_back({"/api/users/update", std::string(500, 'x')});
  EXPECT_GE(bytes_of(forwarded), small + 500);
  IntakeRequest refused = about(graph::Value("x"));
  refused.failures.push_back({"invalidEmails", std::string(500, 'x')});
  refused.filtered_out_fields.assign(3, std::string(100, 'y'));
  EXPECT_GE(bytes_of(refused), small + 800);
}

TEST(IntakeSize, CountsWhatManySmallValuesTakeAndNotTheirText) {
  constexpr std::size_t kMany = 10'000;
  const graph::Value one(std::int64_t{1});
  const std::size_t list = bytes_of(about(graph::Value(graph::List(kMany, one))));
  EXPECT_GE(list, kMany * sizeof(graph::Value)) << "in JSON each takes two bytes";
  const graph::Value inner(graph::List(kMany, one));
  const graph::Object object{{"a", inner}};
  EXPECT_GE(bytes_of(about(graph::Value(object))), list);
}

}  // namespace
}  // namespace sojourn::runtime
