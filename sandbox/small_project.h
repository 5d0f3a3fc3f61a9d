// The project that is played when none is given: one campaign of each kind, to look at and to
// pull. Text; any thread.
#pragma once

#include <string_view>

namespace sojourn::sandbox {

inline constexpr std::string_view kSmallProject = R"json({
  "projectId": 1,
  "type": "email",
  "open": true,
  "channels": [
    {"id": 900001, "name": "Marketing Channel", "channelType": "Marketing", "messageMedium": "Email"},
    {"id": 900002, "name": "Transactional Channel", "channelType": "Transactional", "messageMedium": "Email"},
    {"id": 900003, "name": "App", "channelType": "Marketing", "messageMedium": "Push"}
  ],
  "messageTypes": [
    {"id": 900011, "name": "Newsletter", "channelId": 900001, "subscriptionPolicy": "OptIn"},
    {"id": 900012, "name": "Marketing Message", "channelId": 900001, "subscriptionPolicy": "OptOut"},
    {"id": 900013, "name": "Transactional", "channelId": 900002, "subscriptionPolicy": "OptOut"},
    {"id": 900014, "name": "Reminders", "channelId": 900003, "subscriptionPolicy": "OptOut"}
  ],
  "lists": [
    {"id": 900021, "name": "Trial users"},
    {"id": 900022, "name": "Proof readers"}
  ],
  "templates": [
    {"templateId": 900031, "name": "Welcome", "messageTypeId": 900013, "messageMedium": "Email",
     "clientTemplateId": "welcome", "campaignId": 900041,
     "content": {"subject": "Welcome, {{firstName}}", "fromEmail": "hello@example.com",
                 "html": "<p>Welcome, {{firstName}}.</p>"}},
    {"templateId": 900032, "name": "Monthly news", "messageTypeId": 900011, "messageMedium": "Email",
     "clientTemplateId": "monthly-news", "campaignId": 900042,
     "content": {"subject": "News", "fromEmail": "hello@example.com", "html": "<p>News.</p>"}},
    {"templateId": 900033, "name": "Trial ends", "messageTypeId": 900014, "messageMedium": "Push",
     "clientTemplateId": "trial-ends", "campaignId": 900043,
     "content": {"title": "Your trial ends soon", "message": "Two days are left."}}
  ],
  "campaigns": [
    {"id": 900041, "name": "Welcome", "messageMedium": "Email", "templateId": 900031},
    {"id": 900042, "name": "Monthly news", "messageMedium": "Email", "templateId": 900032},
    {"id": 900043, "name": "Trial ends", "messageMedium": "Push", "templateId": 900033}
  ],
  "journeys": [{"id": 900051, "name": "Onboarding"}],
  "userFields": {"firstName": "string", "plan": "string"},
  "catalogs": {"plans": {"ultimate": {"title": "Ultimate", "seats": 50}}}
})json";

}  // namespace sojourn::sandbox
