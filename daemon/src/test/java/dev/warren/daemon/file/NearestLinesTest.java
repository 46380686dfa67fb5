package dev.warren.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestLinesTest {
  @Test
  void blankLinesAroundAnAmbiguousPlaceDoNotCountAsItsSurroundings() {
    String place = "x = 1\n" + "\n".repeat(9) + "after %s\n";
    String file = place.formatted("one") + "between\n".repeat(30) + place.formatted("two");
    assertThat(NearestLines.ambiguous(file, List.of(1, 42), 1))
        .contains("\n11\tafter one", "\n52\tafter two");
  }

  @Test
  void editThatSeemsToBeDoneIsShownWithWhatStandsThere() {
    String file = "begin\nvalue = compute(2)\nend\n";
    assertThat(NearestLines.notFound(file, "value = compute(1)\n", "value = compute(2)\n"))
        .contains("already there, at line 2", "\n1\tbegin\n2\tvalue = compute(2)\n3\tend");
  }

  @Test
  void longNewTextThatIsAlreadyThereIsShownWithinTheBudget() {
    String text = "a line of the text that is there\n".repeat(500);
    assertThat(NearestLines.notFound("first\n" + text, "gone\n", text)).hasSizeLessThan(2_700);
  }
}
