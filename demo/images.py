"""Draw every picture of the demo archive: ``python -m demo.images``.

A picture lies beside its post; one that only a replaced first version shows lies under
``demo/first-versions``. Same code, same Pillow: same bytes.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from demo import charts, events, homes, indoors, maps, objects, outdoors, panels
from demo.canvas import BLUE, NAVY, ORANGE, RED, TEAL, YELLOW, Canvas, mix

ROOT = Path(__file__).resolve().parent.parent
POSTS = ROOT / "content" / "posts" / "2026"
FIRST_VERSIONS = ROOT / "demo" / "first-versions"

Scene = Callable[[], Canvas]

HEAT = tuple(mix(TEAL, ORANGE, k / 5) for k in range(6))
LEVELS = (0.52, 0.53, 0.51, 0.5, 0.52, 0.5, 0.49, 0.5, 0.48, 0.49, 0.47, 0.48, 0.46, 0.47)
HOLIDAYS = {9: (25, 26, 27), 10: tuple(range(1, 8))}

SCENES: dict[str, Scene] = {
    "2026-08-17-mountain-flood-alert/risk-map.png": partial(
        maps.county_map, ("qingyu", "wangling", "shihe"), YELLOW, "triangle"
    ),
    "2026-08-20-mountain-flood-escape/poster.png": outdoors.flood_valley,
    "2026-08-21-relief-supplies/warehouse.png": indoors.warehouse,
    "2026-08-21-relief-supplies/stock-chart.png": partial(
        charts.columns, (1200, 2600, 900, 400), (BLUE, ORANGE, TEAL, NAVY)
    ),
    "2026-08-27-back-to-school-tip/six-things.png": panels.six_things,
    "2026-08-28-restaurant-gas/poster.png": indoors.kitchen,
    "2026-09-01-school-drill/evacuation-route.png": maps.floor_plan,
    "2026-09-01-school-drill/evacuation-time.png": partial(
        charts.bars, (158, 171, 149, 166, 180, 172), (TEAL,) * 6, (181, 190, 176, 184, 197, 194)
    ),
    "2026-09-01-school-drill/assembly-point.png": maps.playground,
    "2026-09-03-confined-space-policy/three-steps.png": panels.three_steps,
    "2026-09-04-confined-space-video/poster.png": indoors.manhole,
    "2026-09-10-reservoir-keeper/night-dam.png": outdoors.night_dam,
    "2026-09-14-ebike-charging/poster.png": indoors.charging_shed,
    "2026-09-18-message-replies/messages.png": panels.bubbles,
    "2026-09-20-rainstorm-alert/rain-map.png": partial(
        maps.county_map, ("lancheng", "yunlu", "baichuan"), "#4a86cc", "rain"
    ),
    "2026-09-22-mid-autumn-safety/poster.png": outdoors.moon_river,
    "2026-09-23-holiday-duty/duty-calendar.png": partial(
        charts.two_months, HOLIDAYS, {9: (20,), 10: (10,)}
    ),
    "2026-09-28-national-day-travel/road-trip.png": outdoors.road_trip,
    "2026-09-30-hotel-escape/poster.png": indoors.corridor,
    "2026-10-02-forest-fire-alert/fire-map.png": partial(
        maps.county_map, ("qingyu", "wangling"), YELLOW, "flame"
    ),
    "2026-10-06-mountain-checkpoint/checkpoint.png": outdoors.checkpoint,
    "2026-10-09-no-fire-uphill/poster.png": outdoors.red_leaves,
    "2026-10-13-disaster-reduction-day/market-booths.png": events.market,
    "2026-10-13-disaster-reduction-day/visitor-chart.png": partial(
        charts.rings, (262 / 300, 241 / 300, 97 / 300), (TEAL, BLUE, ORANGE)
    ),
    "2026-10-15-rumor-reservoir/water-level.png": partial(charts.trend, LEVELS, 0.86, None, False),
    "2026-10-16-earthquake-three-moves/poster.png": indoors.under_table,
    "2026-10-20-shelter-list/shelter-map.png": maps.shelter_map,
    "2026-10-22-fire-ban-policy/fire-season.png": charts.season_wheel,
    "2026-10-23-extinguisher/poster.png": objects.extinguisher,
    "2026-10-29-chemical-inspection/tank-farm.png": outdoors.tank_farm,
    "2026-10-30-training-notice/classroom.png": indoors.classroom,
    "2026-11-02-carbon-monoxide/poster.png": partial(homes.stove_house, night=True),
    "2026-11-04-fire-month-launch/launch-stage.png": events.stage,
    "2026-11-04-fire-month-launch/fire-engine.png": events.fire_engine,
    "2026-11-04-fire-month-launch/hazard-chart.png": partial(
        charts.bars, (88, 76, 65, 51, 40, 19), (TEAL, *HEAT[1:5], RED)
    ),
    "2026-11-09-dial-119/poster.png": objects.dial,
    "2026-11-10-message-replies/co-alarm.png": objects.alarm,
    "2026-11-13-cold-wave-alert/temperature.png": partial(
        charts.trend, (0.92, 0.62, 0.36, 0.14), None, 0.12, True
    ),
    "2026-11-18-home-fire-check/poster.png": homes.four_rooms,
    "2026-11-20-heating-tip/warm-house.png": partial(homes.stove_house, night=False),
    "2026-11-21-forest-fire-alert/fire-map.png": partial(
        maps.county_map, ("qingyu", "wangling", "shihe"), "#f3a25c", "flame"
    ),
}
"""Post folder and file → what draws it."""


def places(name: str) -> list[Path]:
    """Where a picture belongs: beside the post that shows it, and beside its first version."""
    folder, file = name.split("/")
    homes = [root / folder for root in (POSTS, FIRST_VERSIONS)]
    return [home / file for home in homes if f"({file})" in _text(home / "post.md")]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main() -> None:
    """Draw all; name a picture that no post shows."""
    for name, scene in SCENES.items():
        homes = places(name)
        if not homes:
            raise SystemExit(f"no post shows {name}")
        picture = scene()
        for home in homes:
            picture.save(home)


if __name__ == "__main__":
    main()
