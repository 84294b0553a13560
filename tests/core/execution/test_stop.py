from app.core.execution.stop import Stop


def test_the_first_wish_stops_and_the_second_hurries() -> None:
    stop = Stop()
    assert (stop.asked, stop.urgent) == (False, False)
    stop.ask()
    assert (stop.asked, stop.urgent) == (True, False)
    stop.ask()
    assert (stop.asked, stop.urgent) == (True, True)


def test_code_that_asks_hurries_nobody() -> None:
    stop = Stop()
    stop.ask_once()
    stop.ask_once()
    assert (stop.asked, stop.urgent) == (True, False)
    stop.ask()
    assert stop.urgent
