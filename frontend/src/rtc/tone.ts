// The tone while it rings: two soft notes, again and again, until it stops.

const EVERY_MS = 2_400;

/** Rings until the returned function is called. Where a browser lets no sound out yet, it is silent. */
export function ring(): () => void {
  let sound: AudioContext;
  try {
    sound = new AudioContext();
  } catch {
    return () => undefined;
  }
  const once = (): void => {
    for (const [index, pitch] of [587, 784].entries()) note(sound, pitch, sound.currentTime + index * 0.22);
  };
  once();
  const timer = setInterval(once, EVERY_MS);
  return () => {
    clearInterval(timer);
    void sound.close().catch(() => undefined);
  };
}

function note(sound: AudioContext, pitch: number, at: number): void {
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.1, at + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.4);
  tone.connect(volume).connect(sound.destination);
  tone.start(at);
  tone.stop(at + 0.42);
}
