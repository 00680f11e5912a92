"""G.711 u-law tones, and how to recognise them in what a phone heard."""
import math
import wave

RATE = 8000
FRAME = 160  # samples in 20 ms
SILENCE = 0xFF


def _expand(code):
    """One u-law byte as a 16 bit sample (ITU-T G.711 table 2a)."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - magnitude if code & 0x80 else magnitude - 0x84


EXPAND = [_expand(code) for code in range(256)]


def _compress(sample):
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32635) + 0x84
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | magnitude >> (exponent + 3) & 0x0F) & 0xFF


def tone(frequency, first_sample, count=FRAME):
    """COUNT u-law bytes of a tone whose phase goes on from call to call."""
    step = 2 * math.pi * frequency / RATE
    return bytes(_compress(int(12000 * math.sin(step * (first_sample + n))))
                 for n in range(count))


def expand(payload):
    return [EXPAND[code] for code in payload]


def power_at(frequency, samples):
    """Share of the signal's power that lies at FREQUENCY: 1.0 for a pure tone (Goertzel)."""
    total = sum(s * s for s in samples)
    if total == 0:
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * frequency / RATE)
    s1 = s2 = 0.0
    for sample in samples:
        s1, s2 = sample + coefficient * s1 - s2, s1
    return 2 * (s1 * s1 + s2 * s2 - coefficient * s1 * s2) / (len(samples) * total)


def is_tone(frequency, samples, least_seconds=0.8):
    """True when SAMPLES hold FREQUENCY for most of LEAST_SECONDS or more.

    Blocks of 100 ms are judged one by one: a concealed packet or a jump of the far clock
    spoils the phase of the whole, but not of a block."""
    block = RATE // 10
    good = sum(power_at(frequency, samples[at:at + block]) > 0.6
               for at in range(0, len(samples) - block + 1, block))
    return good * 0.1 >= least_seconds


def read_wav(path):
    """The samples of a 16 bit mono recording at 8 kHz."""
    with wave.open(str(path)) as recording:
        if (recording.getframerate(), recording.getnchannels(),
                recording.getsampwidth()) != (RATE, 1, 2):
            raise ValueError(f"{path}: not 16 bit mono at 8 kHz")
        data = recording.readframes(recording.getnframes())
    return [int.from_bytes(data[at:at + 2], "little", signed=True)
            for at in range(0, len(data), 2)]
