"""Who may open what: one line for each address of the desk and each call of the API.

`rule` is what it asks of whoever comes:

    public      nothing
    refused until a provider vouches
                everybody is sent to the sign-in page
    whoever signed in
                and be it somebody of a partner that ended
    signed in   an agent of ours, whatever the role
    …right…     a right of `accounts.rights`; with a bar, any of several
    + story     and a story that they may see: another team's agent gets "there is nothing here"
    + person    and a person whom they may look up (partners: only those of their stories)
    + else      and it must name something that is there and theirs; here it does not
    scope …     a key of the API that is good for it

The text kept ready is one of the team whose story it is: who sees the one may change the other.
What `settings-undo` takes back here is a change of a team; of a channel it would ask for `channels`.

An address without a line fails the test, and so does a line without an address.
"""

PAGES = """
GET   sign-in                    public
GET   account_login              public
POST  sign-out                   public
GET   mfa_authenticate           public
GET   mfa_login_webauthn         public
GET   account_reauthenticate     whoever signed in
GET   mfa_reauthenticate         whoever signed in
GET   mfa_reauthenticate_webauthn  whoever signed in
GET   openid_connect_login       public
GET   openid_connect_callback    refused until a provider vouches
GET   saml-metadata              public + else
POST  saml-answer                public + else
GET   saml-in                    public + else
GET   forgotten                  public
GET   new-password-link          public
GET   new-password               public
GET   invitation-link            public
GET   invitation                 public

GET   me                         signed in
GET   mfa_index                  signed in
POST  me-about                   signed in
POST  me-look                    signed in
POST  me-density                 signed in
POST  me-password                signed in
POST  session-end                signed in + else
POST  sessions-end               signed in
GET   second-factor              signed in
GET   mfa_activate_totp          signed in
GET   mfa_deactivate_totp        signed in + else
GET   mfa_add_webauthn           signed in
GET   mfa_list_webauthn          signed in
GET   mfa_remove_webauthn        signed in
GET   mfa_view_recovery_codes    signed in + else
GET   mfa_generate_recovery_codes  signed in
GET   mfa_download_recovery_codes  signed in + else

GET   notices                    signed in
GET   notices-bell               signed in
POST  notices-seen               signed in
POST  notices-unseen             signed in
POST  notice-mute                signed in + else
POST  mute-end                   signed in
GET   notices-log                signed in
POST  me-notices                 signed in
POST  me-notices-undo            signed in + else
POST  push-allow                 signed in
POST  push-test                  signed in + else
POST  push-remove                signed in + else
GET   manifest                   public
GET   service-worker             public
GET   offline                    public

GET   times                      public
GET   contact                    public
GET   demo                       public
GET   film                       public
GET   film-media                 public
GET   film-captions              public
POST  film-seen                  public
POST  film-reply                 public
GET   stop                       public
POST  stop-back                  public

GET   start                      signed in
GET   queue                      signed in
GET   queue-rows                 signed in
GET   queue-counts               signed in
GET   queue-preview              signed in + story
GET   queue-saved                signed in
GET   queue-filters              signed in
GET   work                       signed in
GET   work-next                  signed in
POST  bulk                       answer
POST  bulk-choose                answer
GET   bulk-run                   answer + else
POST  bulk-undo                  answer + else

GET   story                      signed in + story
GET   story-head                 signed in + story
GET   story-touches              signed in + story
GET   story-brief                signed in + story
POST  story-reply                answer|notes + story
POST  story-note                 notes + story
POST  story-unschedule           answer + story
POST  draft-save                 answer|notes + story
POST  draft-drop                 answer|notes + story
POST  draft-files                answer + story
POST  draft-file-remove          answer + story
POST  draft-use                  answer|notes + story
GET   story-macros               answer|notes + story
POST  macro-use                  answer|notes + story
GET   story-colleagues           notes + story
POST  mentions-seen              notes + story
POST  story-here                 signed in + story
GET   story-company              signed in + story
GET   story-films                signed in + story
POST  film-new                   answer + story
GET   film-look                  signed in + story
POST  film-caption               answer + story
POST  film-withdraw              answer + story
POST  film-back                  answer + story
POST  touch-take-back            answer + story
POST  invitation-answer          answer + story
POST  address-again              answer + story
POST  story-assign               answer + story
GET   story-hand-over            answer + story
POST  story-supervisor           answer + story
POST  story-mute                 signed in + story
POST  story-unmute               signed in + story
POST  story-snooze               answer + story
POST  story-wait                 answer + story
POST  story-done                 answer + story
POST  story-reopen               answer + story
POST  story-intent               answer + story
POST  story-split                organise + story
POST  story-join                 organise + story
GET   touch-why                  signed in + story
POST  touch-move                 organise + story
POST  touch-keep                 organise + story
POST  touch-accept               organise + story
GET   touch-html                 signed in + story
GET   attachment                 signed in + story
POST  event-undo                 answer|organise + story
POST  delivery-retry             answer + story
POST  delivery-elsewhere         answer + story
POST  story-side                 answer + story
POST  touch-whole                numbers + story

GET   person                     signed in + person
GET   person-others              signed in + person
GET   person-beside              signed in + person
POST  consent-say                answer + person
POST  consent-back               answer + else
POST  person-merge               organise + person
POST  person-apart               organise + person

POST  story-field                answer + story
POST  person-field               answer + person
GET   settings-fields            work
GET   settings-field-new         work
GET   settings-field             work
POST  settings-field-switch      work
POST  settings-field-up          work

GET   call-new                   answer
GET   call-lookup                answer
GET   call-ringing               signed in
GET   search                     signed in
GET   palette                    signed in
POST  presence                   signed in
POST  presence-here              signed in
GET   routing                    work
GET   routing-new                work
GET   routing-rule               work
POST  routing-earlier            work
POST  routing-remove             work
POST  routing-limits             work
GET   routing-person             work
GET   routing-try                work
POST  routing-release            work
POST  routing-drop               work
POST  routing-back               work
GET   rules                      work
GET   rules-new                  work
GET   rules-log                  work
GET   rules-due                  work
GET   rules-try                  work
GET   rules-one                  work + else
POST  rules-earlier              work
POST  rules-switch               work
POST  rules-remove               work
POST  rules-release              work
POST  rules-drop                 work
POST  rules-back                 work + else

GET   chats                      signed in
GET   chats-board                signed in
GET   chat                       signed in + story
POST  chat-reply                 answer + story
POST  chat-take                  answer + story
POST  chat-typing                answer + story
POST  chat-seen                  answer + story
GET   talk                       answer + story
GET   talk-now                   answer + story
GET   talk-rings                 answer + story
POST  talk-do                    answer + story
POST  talk-piece                 answer + story
GET   phone                      answer
GET   phone-board                answer
GET   phone-rings                answer
POST  phone-handset              answer
POST  phone-take                 answer + story
POST  phone-hand-over            answer + else
POST  phone-end                  answer + else
POST  phone-notes                answer + else
POST  phone-story                answer + else
POST  callback-now               answer + story
POST  callback-drop              answer + story
POST  callback-owe               answer + story
GET   phone-heard                signed in + else

GET   wallboard                  measures
GET   wallboard-now              measures
GET   reports                    measures
GET   reports-people             measures
GET   reports-coaching           measures
POST  reports-export             measures + else

GET   review                     signed in
GET   review-people              signed in
GET   review-quality             signed in
GET   review-intents             signed in
GET   review-intent              signed in
GET   review-outside             signed in
GET   intents-draft              signed in
POST  intent-open                teach
POST  intent-add                 teach
POST  intent-choose              teach
POST  intent-rename              teach
POST  intent-merge               teach
POST  intents-undo               teach
POST  intents-drop               teach
POST  intents-try                teach
POST  intents-use                teach
POST  intents-back               teach

GET   settings                   people|sign_in|channels|keys|audit|work
POST  settings-undo              people
GET   settings-people            people
GET   settings-person-new        people
GET   settings-person            people
POST  settings-person-leave      people
POST  settings-person-return     people
POST  settings-person-password   people
GET   settings-teams             people
GET   settings-team-new          people
GET   settings-team              people
GET   settings-roles             people
GET   settings-role-new          people
GET   settings-role              people
POST  settings-role-drop         people
GET   settings-channels          channels
GET   settings-channel-kinds     channels
GET   settings-channel-new       channels
GET   settings-channel           channels
GET   settings-line              channels + else
GET   settings-channel-sign-in   channels
GET   settings-channel-signed-in  channels
POST  settings-channel-pause     channels
POST  settings-channel-check     channels
GET   settings-intake            channels
POST  settings-intake-retry      channels
POST  settings-intake-backfill   channels
POST  settings-channel-resume    channels
GET   settings-brands            channels
GET   settings-brand-new         channels
GET   settings-brand             channels
GET   settings-keys              keys
GET   settings-key-new           keys
POST  settings-key-revoke        keys
GET   settings-macros            answer|notes
GET   settings-macro-new         answer|notes
GET   settings-macro             answer|notes + story
POST  settings-macro-withdraw    answer|notes + story
GET   settings-views             signed in
GET   settings-view-new          signed in
GET   settings-view              signed in + else
POST  settings-view-withdraw     signed in + else
POST  settings-view-back         signed in + else
POST  settings-view-up           signed in + else
GET   settings-policies          answer|notes|work
GET   settings-policy-new        work
GET   settings-policy            work
POST  settings-policy-withdraw   work
GET   settings-audit             audit
POST  settings-audit-export      audit
GET   settings-notices           audit
GET   settings-calendars         work
POST  promises-undo              work
GET   calendar-new               work
GET   calendar                   work + else
GET   promise-new                work
GET   promise                    work + else
GET   channel-matrix             work
GET   channel-words              work
POST  channel-plan-undo          work
GET   settings-sign-in           sign_in
POST  settings-second-factor     sign_in
POST  invite                     sign_in
POST  invite-again               sign_in + else
POST  invitation-withdraw        sign_in + else
POST  agent-password-link        sign_in
POST  agent-take-off             sign_in
GET   provider-new               sign_in
GET   provider-new-saml          sign_in
GET   provider                   sign_in
POST  provider-ask               sign_in
POST  provider-remove            sign_in
"""

CALLS = """
POST  /interactions              scope interactions:write
GET   /interactions/{entry}      scope interactions:read
POST  /calls/ringing             scope calls:write
GET   /stories/{story}/fields    scope fields:read
PUT   /stories/{story}/fields    scope fields:write
GET   /people/{person}/fields    scope fields:read
PUT   /people/{person}/fields    scope fields:write
GET   /docs                      public
GET   /openapi.json              public
"""

BESIDE = """
/live        signed in: answers 401 without
/api/v1      the calls above
/chat        whoever holds the token of a chat, or begins one where the channel lets their site
/in          whoever signs as the provider of the channel does
/static      public
/            the pages above
"""
