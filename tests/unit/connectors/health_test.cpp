#include "connectors/health.h"

#include <gtest/gtest.h>

namespace sojourn::connectors {
namespace {

Health of_status(int status) {
  return health_of(Response{status, {}, {}});
}

TEST(Health, AMessageThatIsRefusedSaysNothingBadOfTheEndpoint) {
  for (const int status : {200, 202, 302, 400, 401, 403, 404, 409, 413, 499}) {
    EXPECT_EQ(of_status(status), Health::kWell) << status;
  }
}

TEST(Health, NoAnswerAndABreakdownAreTheEndpointsFault) {
  for (const int status : {408, 500, 502, 503, 504, 599, 0, 99, 600}) {
    EXPECT_EQ(of_status(status), Health::kFailing) << status;
  }
  EXPECT_EQ(health_of(TransportFailure{false, "connection refused"}), Health::kFailing);
  EXPECT_EQ(health_of(TransportFailure{true, "timeout"}), Health::kFailing);
}

TEST(Health, TooManyRequestsIsNoBreakdown) {
  EXPECT_EQ(of_status(429), Health::kTooFast);
}

TEST(Health, WhatMayNotBeCalledWasNotAsked) {
  EXPECT_EQ(health_of(TransportFailure{false, "address refused", true}), Health::kUnknown);
}

}  // namespace
}  // namespace sojourn::connectors
