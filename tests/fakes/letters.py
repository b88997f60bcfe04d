"""Words as a setting wants them, and texts of many scripts."""

from __future__ import annotations

import dataclasses

from pipeline.lettering import Measure, Setting, typesetter
from pipeline.model import Align, Outline, Rect, Words

AIR_PX = 60

SCRIPTS = {
    "Portuguese": "Promoção de verão: pães, açaí e maçãs à vontade",
    "Vietnamese": "Chúc mừng năm mới, Ẩn số Ữ Ễ phở",
    "Russian": "Съешь ещё этих мягких французских булок",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "Arabic": "أهلًا وسهلًا! السَّلامُ عليكم، الخصم ٥٠٪",
    "Persian": "می‌خواهم کتاب‌ها را بخرم ۱۲۳",
    "Hebrew": "בְּרֵאשִׁית בָּרָא (אֱלֹהִים) אֵת הַשָּׁמַיִם",
    "Hindi": "क्षत्रिय ज्ञान श्री हिन्दी में स्वागत है, ट्रैक्टर",
    "Bengali": "বাংলা ভাষা স্বাগতম",
    "Tamil": "தமிழ் வரவேற்கிறோம்",
    "Thai": "ที่นี่ปิ้งปลา ผู้ใหญ่ ญี่ปุ่น กำลังทำ",
    "Japanese": "本日は晴天なり。「今日」はセール中です、ぜひ！",
    "Chinese": "今天天气很好，我们去“公园”散步吧。",
    "Korean": "안녕하세요, 오늘은 특별 할인 행사입니다!",
    "emoji": "👋🏽 👨\u200d👩\u200d👧 🏳️\u200d🌈 🇧🇷🇵🇹 1️⃣ ❤️ ☎️",
    "mixed": "Olá 👋🏽 مرحبا 2024, שלום (test) नमस्ते สวัสดี 今日は",
}


def words_of(setting: Setting, measure: Measure, align: Align = "center") -> Words:
    """Words in a box that is just as large as their setting says."""
    return Words(
        lines=setting.lines,
        box=Rect(30, 20, setting.width_px, setting.height_px),
        typeface=measure.typeface,
        size_px=setting.size_px,
        ascent_px=setting.ascent_px,
        line_px=setting.line_px,
        colour="#ffffff",
        align=align,
        outline=Outline("#000000", measure.outline_px) if measure.outline_px else None,
        shadow=measure.shadow,
    )


def spilled(words: Words) -> bool:
    """Whether letters or outline would go beyond the box, were they not cut off there."""
    larger = Rect(0, 0, words.box.width + 2 * AIR_PX, words.box.height + 2 * AIR_PX)
    free = dataclasses.replace(
        words, box=larger, ascent_px=words.ascent_px + AIR_PX, align="center", shadow=False
    )
    box = Rect(AIR_PX, AIR_PX, words.box.width, words.box.height)
    return not lies_in(typesetter().ink(free), box)


def lies_in(inner: Rect | None, outer: Rect) -> bool:
    """Whether nothing of it is beyond; nothing at all is inside of everything."""
    return inner is None or (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )
