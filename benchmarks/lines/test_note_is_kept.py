"""examples/notes/scenarios/note_is_kept.yaml in Python."""


def test_note_is_kept(http, notes):
    health = http.get(f"{notes['NotesApi']}/health", timeout=30)
    assert health.status_code == 200, health.text
    assert health.json() == {"service": "notes", "healthy": True}

    written = http.post(f"{notes['NotesApi']}/notes", json={"text": "buy milk"}, timeout=30)
    assert written.status_code == 201, written.text
    url = f"{notes['NotesApi']}/notes/{written.json()['id']}"

    read = http.get(url, timeout=30)
    assert read.status_code == 200, read.text
    assert read.json()["text"] == "buy milk"

    assert http.delete(url, timeout=30).status_code == 204
    assert http.get(url, timeout=30).status_code == 404
