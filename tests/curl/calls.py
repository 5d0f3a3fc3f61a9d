"""A call for every path of the intake, in the order in which they are made. What is answered to a
path follows from the table in docs/intake.md; `CALLS` says what is asked, and what is in an answer
that takes it."""

import dataclasses

ENVELOPE = {"msg", "code", "params"}
BULK = {"successCount", "failCount", "failedUpdates"}
SEGMENT = {"success", "accepted", "refused"}

ANN = {"email": "ann@example.com"}
BEN = {"email": "ben@example.com"}
NOBODY = {"email": "no address"}
MESSAGE = {**ANN, "messageId": "0123456789abcdef"}
SHOE = {"id": "s1", "name": "Shoe", "price": 9.5, "quantity": 2}


@dataclasses.dataclass(frozen=True)
class Call:
    method: str
    path: str
    body: object
    members: frozenset  # of the answer
    failed: int = 0  # items of a bulk call
    # Nothing is said to a journey: Iterable is asked where there is a `forward`, else it is refused
    # with this status.
    off: int = 0
    taken: int = 200  # the status of the answer that takes it


def post(path, body, members=ENVELOPE, **more):
    return Call("POST", path, body, frozenset(members), **more)


def subscription(method, path, body=None):
    return Call(method, f"/api/subscriptions/{path}", body, frozenset(ENVELOPE), taken=202)


def only_goes_on(path, body):
    return post(path, body, off=404)


CALLS = [
    post("/api/users/update", {**ANN, "dataFields": {"plan": "pro"}}),
    post("/api/users/bulkUpdate", {"users": [
        {**BEN, "dataFields": {"seats": 3}},
        {"email": "dan@example.com", "dataFields": {"seats": 5}},
        {"userId": "anonymous-1", "dataFields": {"plan": "free"}},
        NOBODY]}, BULK, failed=1),
    post("/api/events/track", {**ANN, "eventName": "signup", "id": "c-1",
                               "dataFields": {"seats": 1}}),
    post("/api/events/trackBulk", {"events": [
        {**ANN, "eventName": "signup", "id": "c-2"},
        {**NOBODY, "eventName": "signup", "id": "c-3"}]}, BULK, failed=1),
    post("/api/users/updateEmail", {"currentEmail": "dan@example.com",
                                    "newEmail": "eve@example.com"}),
    post("/api/users/merge", {"sourceUserId": "anonymous-1", "destinationUserId": "u-2"}),
    post("/api/users/updateSubscriptions", {**ANN, "unsubscribedChannelIds": [31]}),
    post("/api/users/bulkUpdateSubscriptions", {"updateSubscriptionsRequests": [
        {**BEN, "subscribedMessageTypeIds": [4821]}, NOBODY]},
         {"successCount", "failCount"}, failed=1),
    subscription("PATCH", "messageType/4821/user/ben@example.com"),
    subscription("PATCH", "messageType/4823/byUserId/u-2"),
    subscription("DELETE", "messageChannel/31/user/ben@example.com"),
    subscription("DELETE", "messageType/4823/byUserId/u-2"),
    subscription("PUT", "messageType/4824?action=unsubscribe",
                 {"users": ["ann@example.com"], "usersByUserId": ["u-2"]}),
    post("/api/lists/subscribe", {"listId": 700, "subscribers": [ANN, BEN]}, BULK),
    post("/api/lists/unsubscribe", {"listId": 700, "subscribers": [BEN]}, BULK),
    post("/api/commerce/updateCart", {"user": ANN, "items": [SHOE]}),
    post("/api/commerce/trackPurchase", {"user": BEN, "items": [SHOE], "total": 19, "id": "c-4"}),
    post("/api/workflows/triggerWorkflow", {"workflowId": 4711, **ANN,
                                            "dataFields": {"plan": "pro"}}),
    # Of Iterable's own.
    post("/api/workflows/triggerWorkflow", {"workflowId": 99, **ANN}, off=400),
    post("/api/users/update", {"email": "zoe@example.com"}),
    Call("DELETE", "/api/users/zoe@example.com", None, frozenset(ENVELOPE)),
    post("/api/users/update", {"userId": "u-9", "preferUserId": True}),
    Call("DELETE", "/api/users/byUserId/u-9", None, frozenset(ENVELOPE)),
    post("/api/users/forget", {"email": "yan@example.com"}),
    post("/api/users/unforget", {"email": "yan@example.com"}),
    post("/v1/track", {"userId": "u-1", "event": "Signed Up", "messageId": "m-1",
                       "properties": {"seats": 3}}, SEGMENT),
    post("/v1/identify", {"userId": "u-1", "traits": {"plan": "pro"}}, SEGMENT),
    post("/v1/alias", {"previousId": "anonymous-2", "userId": "u-3"}, SEGMENT),
    post("/v1/batch", {"batch": [{"type": "track", "userId": "u-1", "event": "Signed Up"}]},
         SEGMENT),
    post("/v1/page", {"userId": "u-1", "name": "Home"}, SEGMENT),
    post("/v1/screen", {"userId": "u-1", "name": "Home"}, SEGMENT),
    post("/v1/group", {"userId": "u-1", "groupId": "g-1"}, SEGMENT),
    post("/v1/events", {"payload": {"events": [
        {"type": "signup", "account": {"id": 42}, "uuid": "e-1", "seats": 3}]}}, SEGMENT),
    post("/v1/engagements", {**ANN, "engagement": "opened", "campaignId": 101, "id": "w-1"}),
    post("/v1/journeys/welcome_back/entries", {**ANN, "id": "n-1",
                                               "dataFields": {"reason": "asked for it"}}),
    post("/v1/iterable/webhooks", {**ANN, "eventName": "emailUnSubscribe", "dataFields": {
        "createdAt": "2026-03-01 10:15:00 +00:00", "channelIds": [31], "messageTypeIds": []}}),
    # What Iterable answers here is a word.
    Call("POST", "/api/subscriptions/subscribeToDoubleOptIn", {**ANN, "messageTypeIds": [4821]},
         frozenset(), off=404, taken=202),
    only_goes_on("/api/users/registerDeviceToken", {**ANN, "device": {
        "token": "t-1", "platform": "GCM", "applicationName": "app"}}),
    only_goes_on("/api/users/registerBrowserToken", {**ANN, "browserToken": "t-2"}),
    only_goes_on("/api/users/disableDevice", {**ANN, "token": "t-1"}),
    only_goes_on("/api/events/trackPushOpen", {**MESSAGE, "campaignId": 101}),
    only_goes_on("/api/events/trackWebPushClick", {**MESSAGE, "campaignId": 101}),
    only_goes_on("/api/events/trackInAppOpen", MESSAGE),
    only_goes_on("/api/events/trackInAppClick", {**MESSAGE, "clickedUrl": "https://example.com/"}),
    only_goes_on("/api/events/trackInAppClose", MESSAGE),
    only_goes_on("/api/events/trackInAppDelivery", MESSAGE),
    only_goes_on("/api/events/inAppConsume", MESSAGE),
    only_goes_on("/api/embedded-messaging/events/received", MESSAGE),
    only_goes_on("/api/embedded-messaging/events/click", MESSAGE),
    only_goes_on("/api/embedded-messaging/events/session", {**ANN, "session": {
        "id": "s-1", "start": 1772355600, "end": 1772355660}, "impressions": [
            {"messageId": "m-1", "placementId": 1, "displayCount": 1, "displayDuration": 1}]}),
]

# What Iterable knows of somebody then, by the path that shows it: members of the profile's
# `dataFields`, and the ids of the events.
PROFILES = {
    "/api/users/ann@example.com": {
        "plan": "pro", "emailListIds": [700], "unsubscribedChannelIds": [31],
        "shoppingCartItems": [SHOE]},
    "/api/users/ben@example.com": {"seats": 3, "emailListIds": [],
                                   "subscribedMessageTypeIds": [4821]},
    "/api/users/eve@example.com": {"seats": 5},
    "/api/users/byUserId/u-2": {"plan": "free"},
}
EVENTS = {
    "/api/events/ann@example.com": {"c-1", "c-2"},
    "/api/events/ben@example.com": {"c-4"},
}
