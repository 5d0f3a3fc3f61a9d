#include "engine/letter_case.h"

#include <gtest/gtest.h>

namespace sojourn::engine {
namespace {

TEST(LetterCase, LettersOfEuropeChangeCaseBothWays) {
  EXPECT_EQ(to_lower("ÉLODIE ÖSTERREICH ŁÓDŹ ŽIŽKA ŸVES"), "élodie österreich łódź žižka ÿves");
  EXPECT_EQ(to_upper("élodie österreich łódź žižka ÿves"), "ÉLODIE ÖSTERREICH ŁÓDŹ ŽIŽKA ŸVES");
  EXPECT_EQ(to_lower("ΆΛΦΑ ΏΜΈΓΑ МОСКВА ЁЖ ЇЖАК"), "άλφα ώμέγα москва ёж їжак");
  EXPECT_EQ(to_upper("άλφα ώμέγα москва ёж їжак"), "ΆΛΦΑ ΏΜΈΓΑ МОСКВА ЁЖ ЇЖАК");
  EXPECT_EQ(to_upper("λόγος"), "ΛΌΓΟΣ");
}

TEST(LetterCase, WhatHasNoOtherCaseStays) {
  EXPECT_EQ(to_lower("1×2÷3 ß 東京 🙂"), "1×2÷3 ß 東京 🙂");
  EXPECT_EQ(to_upper("1×2÷3 ß 東京 🙂"), "1×2÷3 ß 東京 🙂");
}

TEST(LetterCase, IllFormedBytesStay) {
  EXPECT_EQ(to_lower("A\xC3"), "a\xC3");
  EXPECT_EQ(to_lower("\xFF\xC3(B"), "\xFF\xC3(b");
  EXPECT_EQ(to_upper("\x80z"), "\x80Z");
  EXPECT_EQ(to_upper(""), "");
}

}  // namespace
}  // namespace sojourn::engine
