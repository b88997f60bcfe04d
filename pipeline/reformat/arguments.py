"""ffmpeg's arguments for an encode, a two-pass encode and a re-wrap: pure lists, paths and graph included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Preset, Size
from pipeline.reformat import playlist
from pipeline.reformat.graph import TAGS, picture_graph, rate
from pipeline.reformat.laid import PIX_FMT, Laid
from pipeline.reformat.order import Order

USUAL_PRESET: Preset = "veryfast"
SOUND_HZ = 48_000
AAC_FRAME = 1024
HALF_A_PACKET_S = 0.01042
"""500.16 samples of 48,000 a second: at common frame rates no packet begins within half a sample of a cut, so
rounding can't put it into two parts or none."""

BEHIND_S = 2.0
"""So much is read behind a part's end: picture and sound needn't lie side by side in a file."""

MOST_DECODERS = 4
MOST_ENCODERS = 8
"""A thread of a 4K 10-bit decode reserves some 150 MB of address space: 8 of them took 2.5 GB (2026-11)."""

LARGE_PIXELS = 4_000_000
MORE_THAN_8_BITS = re.compile(r"1[0246](le|be)$")
MOST_DECODERS_OF_LARGE = 2
"""Each more of them holds another 12 to 25 MB of 4K, and is no faster beside an encoder (2026-11)."""

LOOKAHEAD = {"veryfast": 10, "faster": 20, "fast": 20, "medium": 20}
LOOKAHEAD_OF_LARGE = 10
LOOKAHEAD_OF_LARGE_AND_DEEP = 5
ALL_IN_TURN = ("-x264-params", "sync-lookahead=0")
"""With `medium` x264 looks 40 frames ahead and a thread of its own some more, at 5 MB for each of 1080×1920.
Half as far costs 0.3 points of VMAF; without the thread, 30 MB are saved for nothing (2026-11). 4K of 10 bits
takes a third of what there is before the encoder begins."""

WITHOUT_EDIT_LIST = ("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0")
"""Instagram takes no edit lists. Negative composition offsets do their work for B-frames (flash and beep
stay together to 0.1 ms, 2026-11); for sound see `_sound` and `remux_arguments`."""

NOTHING_ELSE = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
PROGRESS = ("-progress", "pipe:1", "-stats_period", "0.25", "-nostats")
MONO_AT_FULL_VOLUME = ("pan=stereo|c0=c0|c1=c0",)
"""Left to itself, ffmpeg makes both sides of a single channel 3 dB quieter (measured 2026-11)."""

STEREO = 2
SEVERAL_WITHOUT_CLIPPING = ("aformat=channel_layouts=stereo", "alimiter=limit=0.95:attack=1:level=0")
"""Added up, six loud channels came to 1.4 times what there is room for (measured 2026-11)."""

MOST_GAP_S = 0.04
"""Larger gaps in the sound are filled with silence. With the default of 0.1 s lips are late."""

QUICK = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p")
LOCAL_FILES_ONLY = ("-protocol_whitelist", "file")
DECODERS_WITH_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of ffmpeg: `source` is read instead of the asset's own file where that needs a detour.

    `laid` is what lies over the picture.
    """

    order: Order
    source: Path
    threads: int
    laid: Laid | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a film: its canvas, its rate, how many frames it has; and the threads it may take."""

    canvas: Size
    fps: float
    frames: int
    threads: int


@dataclass(frozen=True, slots=True)
class TwoPass:
    """An average rate in kbit/s that is met exactly; `log` is the prefix of the statistics' files."""

    number: int
    video_kbps: int
    log: Path


def encode_arguments(call: Call, target: Path) -> list[str]:
    """One pass at constant quality under a ceiling that the recipe computed."""
    recipe = call.order.recipe
    rate = ("-crf", str(recipe.quality), *_ceiling(recipe.video_kbps))
    return [*_input(call), *_picture(call), *rate, *_sound(call.order), *_mp4(target)]


def two_pass_arguments(call: Call, target: Path, turn: TwoPass) -> list[str]:
    """One of two passes at an average rate: for when the ceiling didn't hold."""
    ceiling = call.order.recipe.video_kbps or turn.video_kbps
    rate = f"-b:v {turn.video_kbps}k -pass {turn.number} -passlogfile".split()
    both = [*_input(call), *_picture(call), *rate, str(turn.log), *_ceiling(max(ceiling, turn.video_kbps))]
    if turn.number == 1:
        return [*both, "-an", "-f", "null", "-"]
    return [*both, *_sound(call.order), *_mp4(target)]


def clip_arguments(call: Call, target: Path, sound: Path) -> list[str]:
    """A picture that loses next to nothing, quickly, for a film that is composed of it; its sound apart."""
    order = call.order
    filters = ("-map", "0:a:0", "-filter:a", ",".join(_heard(order, 0)))
    heard = (*filters, "-ac", "2", "-c:a", "pcm_s16le", *NOTHING_ELSE, "-f", "wav", _local(sound))
    picture = (
        *("-filter_complex_threads", str(_decoders(call)), "-filter_complex", picture_graph(order)),
        *("-map", "[v]", "-frames:v", str(order.frames), *QUICK, "-threads:v", str(call.threads)),
        *("-g", str(round(order.fps * 2)), *NOTHING_ELSE, "-f", "mp4", _local(target)),
    )
    return [*_input(call), *picture, *(heard if order.has_sound else ())]


def film_arguments(shape: Shape, sound: Path | None, target: Path) -> list[str]:
    """Frames that come through a pipe as yuv420p, and 16-bit stereo, as the film that parts are cut from."""
    pace, size = rate(shape.fps), f"{shape.canvas.width}x{shape.canvas.height}"
    pipe = ("-protocol_whitelist", "pipe", "-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size")
    pcm = (*LOCAL_FILES_ONLY, "-f", "s16le", "-ar", str(SOUND_HZ), "-ac", "2", "-i")
    end = max(int(shape.frames / shape.fps * SOUND_HZ / AAC_FRAME) * AAC_FRAME, 2 * AAC_FRAME)
    trim = f"apad,atrim=start_sample={AAC_FRAME}:end_sample={end}"
    heard = ("-map", "1:a:0", "-filter:a", trim, "-c:a", "aac", "-b:a", "256k") if sound else ("-an",)
    return [
        *(*pipe, size, "-framerate", pace, "-i", "pipe:0", *((*pcm, _local(sound)) if sound else ())),
        *("-map", "0:v:0", "-filter:v", TAGS, *QUICK, "-threads:v", str(shape.threads)),
        *("-g", str(round(shape.fps * 2)), *heard, *_mp4(target)),
    ]


def remux_arguments(call: Call, target: Path) -> list[str]:
    """The picture and the first sound track as they are, in a new file with nothing else.

    Without an edit list the encoder's priming would be heard as 21 to 44 ms of delay, so whole packets of
    it are left out: what remains is at most half a packet, 11 ms.
    """
    order = call.order
    sound = ("-map", "0:a:0?", "-bsf:a", _kept(order, HALF_A_PACKET_S)) if order.has_sound else ("-an",)
    picture = ("-map", f"0:{order.asset.facts.picture_stream}")
    cut = ("-bsf:v", _kept(order, 0.5 / order.fps)) if order.is_cut else ()
    return [*_input(call), *picture, *cut, *sound, "-c", "copy", *_mp4(target)]


def _kept(order: Order, half_s: float) -> str:
    """A filter that leaves out the packets of other parts, so that each is in exactly one.

    ffmpeg alone starts at some earlier key frame and hides the rest behind an edit list, and it ends by the
    time of decoding, which with B-frames takes in the next key frame.
    """
    seconds = order.seconds
    late = "" if order.is_last else rf"+gte(pts*tb\,{seconds - half_s:.6f})"
    return rf"noise=drop=lt(pts*tb\,{-half_s:.6f}){late}"


def _input(call: Call) -> list[str]:
    facts, stretch = call.order.asset.facts, call.order.stretch
    arguments = [*PROGRESS, *LOCAL_FILES_ONLY, "-threads", str(_decoders(call))]
    if call.source.suffix == playlist.SUFFIX:  # it already holds every play
        arguments += ["-f", "concat", "-safe", "0"]
    elif call.order.recipe.plays > 1:
        arguments += ["-stream_loop", str(call.order.recipe.plays - 1)]
    elif facts.kind == "video" and stretch.start_s > 0:
        arguments += ["-ss", f"{stretch.start_s:.6f}"]
    if call.order.is_cut and not call.order.is_last:
        arguments += ["-t", f"{call.order.seconds + BEHIND_S:.6f}"]
    if facts.alpha and facts.codec in DECODERS_WITH_ALPHA:
        arguments += ["-c:v", DECODERS_WITH_ALPHA[facts.codec]]
    return [*arguments, "-noautorotate", "-i", _local(call.source), *_laid_over(call.laid)]


def _laid_over(laid: Laid | None) -> list[str]:
    if laid is None:
        return []
    size = f"{laid.size.width}x{laid.size.height}"
    raw = ("-f", "rawvideo", "-pixel_format", PIX_FMT, "-video_size", size)
    return [*LOCAL_FILES_ONLY, *raw, "-i", _local(laid.path)]


def _picture(call: Call) -> list[str]:
    order, preset = call.order, call.order.recipe.preset or USUAL_PRESET
    threads = str(min(call.threads, MOST_ENCODERS))
    return [
        *(
            "-filter_complex_threads",
            str(_decoders(call)),
            "-filter_complex",
            picture_graph(order, call.laid),
        ),
        *("-map", "[v]", "-frames:v", str(order.frames), "-c:v", "libx264", "-preset", preset),
        *("-profile:v", "high", "-g", str(round(order.fps * 2)), "-threads:v", threads),
        *("-rc-lookahead", str(_lookahead(call, preset)), *ALL_IN_TURN),
    ]


def _lookahead(call: Call, preset: Preset) -> int:
    if not _is_large(call):
        return LOOKAHEAD[preset]
    deep = MORE_THAN_8_BITS.search(call.order.asset.facts.pix_fmt)
    return min(LOOKAHEAD[preset], LOOKAHEAD_OF_LARGE_AND_DEEP if deep else LOOKAHEAD_OF_LARGE)


def _decoders(call: Call) -> int:
    if _is_large(call):
        return min(max(1, call.threads // 2), MOST_DECODERS_OF_LARGE)
    return min(call.threads, MOST_DECODERS)


def _is_large(call: Call) -> bool:
    facts = call.order.asset.facts
    return facts.width * facts.height >= LARGE_PIXELS


def _ceiling(video_kbps: int | None) -> tuple[str, ...]:
    return ("-maxrate", f"{video_kbps}k", "-bufsize", f"{video_kbps * 2}k") if video_kbps else ()


def _sound(order: Order) -> list[str]:
    """The first track as stereo, from 0 to just before the picture's end, silence where it has nothing.

    The encoder puts 1024 samples of priming in front. Leaving out as many at the start puts the priming in
    their place, and nothing needs an edit list to skip it.
    """
    if not order.has_sound:
        return ["-an"]
    kbps = f"{order.recipe.audio_kbps}k"
    return [
        "-map",
        "0:a:0",
        "-filter:a",
        ",".join(_heard(order, AAC_FRAME)),
        "-c:a",
        "aac",
        "-b:a",
        kbps,
        "-ac",
        "2",
    ]


def _heard(order: Order, start: int) -> tuple[str, ...]:
    """Filters for the first track as stereo from a sample on, to the picture's end."""
    exact = order.frames / order.fps * SOUND_HZ
    end = max(int(exact / AAC_FRAME) * AAC_FRAME, 2 * AAC_FRAME) if start else round(exact)
    audio = order.asset.facts.audio
    return (
        *(MONO_AT_FULL_VOLUME if audio and audio.channels == 1 else ()),
        *(SEVERAL_WITHOUT_CLIPPING if audio and audio.channels > STEREO else ()),
        f"aresample={SOUND_HZ}:async=1:min_hard_comp={MOST_GAP_S}:first_pts=0",
        "apad",
        f"atrim=start_sample={start}:end_sample={end}",
    )


def _mp4(target: Path) -> list[str]:
    return [*NOTHING_ELSE, *WITHOUT_EDIT_LIST, "-f", "mp4", _local(target)]


def _local(path: Path) -> str:
    """A path that ffmpeg can't take for an option, a protocol or a pattern."""
    return f"file:{path.absolute()}"
