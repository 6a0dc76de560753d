// Every sentence of a call. A site replaces them where it replaces those of the window (data-words).

const ENGLISH = {
  callRings: "{name} is calling you",
  callAnswer: "Answer",
  callDecline: "Decline",
  callWaits: "It rings at {name}’s desk…",
  callCancel: "Stop ringing",
  callJoins: "Connecting…",
  callTalks: "You talk with {name}",
  callLost: "The connection is lost. We try again…",
  callElsewhere: "You talk with {name} in another window.",
  callMute: "Mute",
  callUnmute: "Unmute",
  callCamera: "Cameras",
  callHangUp: "Hang up",
  callRecording: "Recording",
  callStopRecording: "Stop recording",
  callRecordAsks: "{name} would like to record this call. Only if you agree; you can stop it at any time.",
  callVideoAsks: "{name} would like to see each other. Your camera goes on only if you agree.",
  callVideoWaits: "Asked for cameras. {name} has to agree, too.",
  callAgree: "Agree",
  callRefuse: "No",
  callOver: "The call is over.",
  callMissed: "Nobody answered. Write instead, and you get an answer here.",
  callDeclined: "{name} can not talk right now. Write instead.",
  callCancelled: "{name} rang.",
  callGone: "The connection was lost, and the call is over.",
  callDenied: "This browser does not allow the microphone here. Write instead, or allow it in the settings of this page.",
  callNoCamera: "No camera can be used here; the call goes on with sound.",
  callTheirs: "{name}’s camera",
  callOwn: "Your own camera",
};

export type CallWords = Record<keyof typeof ENGLISH, string>;

export function callWords(given: string | null): CallWords {
  try {
    return { ...ENGLISH, ...(JSON.parse(given ?? "{}") as Partial<CallWords>) };
  } catch {
    return ENGLISH;
  }
}
