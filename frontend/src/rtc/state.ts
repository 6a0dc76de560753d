// How a call stands, as the server tells both sides. "Ours" is the desk, "theirs" the visitor.

export type Topic = "video" | "record";
export type Side = "ours" | "theirs";

export interface Standing {
  call: number;
  state: "ringing" | "talking" | "ended";
  from_us: boolean;
  by: string;
  they: string;
  video: Record<Side, boolean>;
  record: Record<Side, boolean>;
  why: string;
  seconds: number;
  servers: RTCIceServer[];
}

export const both = (topic: Record<Side, boolean>): boolean => topic.ours && topic.theirs;

/** `4:07`, `1:02:09` */
export function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
