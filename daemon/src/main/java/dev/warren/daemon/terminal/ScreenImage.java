package dev.warren.daemon.terminal;

import java.nio.charset.StandardCharsets;

/// Draws a screen for a viewer that knows nothing of it: the sequences that make a terminal which
/// was just opened, or any other, show the same, and be in the same state.
final class ScreenImage {
  private static final String RESET = "\033c";

  private final Screen screen;
  private final StringBuilder out = new StringBuilder();

  private ScreenImage(Screen screen) {
    this.screen = screen;
  }

  static byte[] of(Screen screen) {
    return new ScreenImage(screen).draw().getBytes(StandardCharsets.UTF_8);
  }

  private String draw() {
    out.append(RESET);
    lines();
    if (screen.alternateActive) {
      Buffer.Saved saved = screen.main.saved;
      cursor(screen.main, saved.x(), saved.y());
      select(Style.DEFAULT, saved.style());
      out.append("\033[?1049h"); // which saves the cursor
      select(saved.style(), Style.DEFAULT);
      absolute(screen.alternate);
    }
    state();
    return out.toString();
  }

  /// What scrolled away and the main buffer, printed as a program would have.
  private void lines() {
    boolean full = screen.scrollback.render(out);
    long style = Style.DEFAULT;
    for (int line = 0; line < screen.rows(); line++) {
      Row row = screen.main.row(line);
      boolean goesOn = full && row.continued && row.length() > 0;
      boolean first = line == 0 && screen.scrollback.size() == 0;
      if (!first && !goesOn) {
        // Lines that scroll in take the background that is selected.
        style = select(style, Style.DEFAULT);
        out.append("\r\n");
      }
      style = row.render(out, style);
      full = row.isFull();
    }
    select(style, Style.DEFAULT);
  }

  private void absolute(Buffer buffer) {
    long style = Style.DEFAULT;
    for (int line = 0; line < buffer.height(); line++) {
      if (buffer.row(line).length() > 0) {
        out.append("\033[").append(line + 1).append(";1H");
        style = buffer.row(line).render(out, style);
      }
    }
    select(style, Style.DEFAULT);
  }

  private long select(long now, long wanted) {
    if (now != wanted) {
      out.append(Style.sequence(wanted));
    }
    return wanted;
  }

  private void state() {
    Buffer buffer = screen.active();
    if (!screen.title.isEmpty()) {
      out.append("\033]2;").append(screen.title).append('\007');
    }
    tabs();
    savedCursor(buffer);
    if (buffer.top != 0 || buffer.bottom != screen.rows() - 1) {
      out.append("\033[").append(buffer.top + 1).append(';').append(buffer.bottom + 1).append('r');
    }
    if (screen.cursorShape != 0) {
      out.append("\033[").append(screen.cursorShape).append(" q");
    }
    if (screen.modes.isOn(Modes.ORIGIN)) {
      out.append("\033[?6h");
    }
    place(buffer);
    charsets(screen.charsets);
    select(Style.DEFAULT, screen.style);
    screen.modes.render(out);
  }

  /// The cursor, also where the last column was just written.
  private void place(Buffer buffer) {
    cursor(buffer, buffer.x, buffer.y);
    if (!buffer.wrapsNext) {
      return;
    }
    Row row = buffer.current();
    int column = buffer.x;
    if (column > 0 && row.code(column) == Row.RIGHT_HALF) {
      column--;
      out.append("\033[D");
    }
    long style = select(Style.DEFAULT, row.style(column));
    out.append(row.text(column));
    select(style, Style.DEFAULT);
  }

  private void cursor(Buffer buffer, int x, int y) {
    int first = screen.modes.isOn(Modes.ORIGIN) && buffer == screen.active() ? buffer.top : 0;
    out.append("\033[").append(y - first + 1).append(';').append(x + 1).append('H');
  }

  private void savedCursor(Buffer buffer) {
    Buffer.Saved saved = buffer.saved;
    if (saved.equals(Buffer.Saved.HOME)) {
      return;
    }
    out.append("\033[").append(saved.y() + 1).append(';').append(saved.x() + 1).append('H');
    long style = select(Style.DEFAULT, saved.style());
    charsets(saved.charsets());
    out.append("\0337");
    select(style, Style.DEFAULT);
    out.append("\033(B\033)B\017");
  }

  private void charsets(Charsets charsets) {
    if (charsets.g0Lines()) {
      out.append("\033(0");
    }
    if (charsets.g1Lines()) {
      out.append("\033)0");
    }
    if (charsets.shifted()) {
      out.append('\016');
    }
  }

  private void tabs() {
    boolean usual = true;
    for (int column = 0; column < screen.columns(); column++) {
      usual &= screen.tabs.get(column) == (column > 0 && column % 8 == 0);
    }
    if (usual) {
      return;
    }
    out.append("\033[3g");
    for (int column = 0; column < screen.columns(); column++) {
      if (screen.tabs.get(column)) {
        out.append("\033[1;").append(column + 1).append("H\033H");
      }
    }
  }
}
