package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.server.http.Access;
import dev.warren.server.http.Method;
import dev.warren.server.http.Route;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Each route of the whole control plane against what it must refuse. A new route is tried without
/// anybody's doing.
final class EveryRouteTest {
  private static final String SOME_ID = UUID.randomUUID().toString();

  @TempDir static Path folder;
  private static ControlPlaneFixture warren;
  private static String member;

  @BeforeAll
  static void start() throws Exception {
    warren = ControlPlaneFixture.start(folder);
    member = warren.member("bob");
  }

  @AfterAll
  static void stop() {
    warren.close();
  }

  private static Stream<DynamicTest> each(java.util.function.Predicate<Route> which, Check check) {
    return warren.controlPlane().routes().stream()
        .filter(which)
        .map(route ->
            DynamicTest.dynamicTest(route.method() + " " + route.path(), () -> check.run(route)));
  }

  private interface Check {
    void run(Route route) throws Exception;
  }

  private static boolean hasJson(Route route) {
    return route.body() instanceof Route.Body.Json;
  }

  @TestFactory
  Stream<DynamicTest> refusesWhoIsNotSignedIn() {
    return each(
        route -> route.access() != Access.OPEN,
        route -> {
          assertProblem(send(route, path(route, SOME_ID), Optional.empty(), ""), 401);
          assertProblem(send(route, path(route, SOME_ID), Optional.of("wrn_nonsense"), ""), 401);
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesMembersWhatIsAdministrators() {
    return each(
        route ->
            Set.of(Access.ADMIN, Access.AUDITOR, Access.TEMPLATE_ADMIN).contains(route.access()),
        route -> assertProblem(send(route, path(route, SOME_ID), Optional.of(member), ""), 403));
  }

  @TestFactory
  Stream<DynamicTest> refusesIdsThatAreNone() {
    return each(
        route -> route.path().contains("/{id}") && route.access() != Access.OPEN,
        route ->
            assertProblem(
                send(route, path(route, "17"), Optional.of(warren.admin()), ""), 400, 404, 426));
  }

  @TestFactory
  Stream<DynamicTest> refusesUnknownParameters() {
    return each(
        route -> true,
        route ->
            assertProblem(
                send(
                    route,
                    path(route, SOME_ID) + "?no_such_parameter=1",
                    Optional.of(warren.admin()),
                    ""),
                400,
                426));
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatIsNoJsonObject() {
    return each(
        EveryRouteTest::hasJson,
        route -> {
          for (String body :
              List.of("{", "[]", "null", "\"text\"", "{} {}", "{\"a\":1,\"a\":2}", "\u0000")) {
            var response = send(route, path(route, SOME_ID), Optional.of(warren.admin()), body);
            assertProblem(response, 400);
            assertThat(response.body()).doesNotContain("Source", "REDACTED");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesUnknownFields() {
    return each(
        EveryRouteTest::hasJson,
        route -> {
          var response =
              send(
                  route,
                  path(route, SOME_ID),
                  Optional.of(warren.admin()),
                  "{\"no_such_field\":1}");
          assertProblem(response, 400);
          boolean allOptional =
              Stream.of(((Route.Body.Json) route.body()).type().getRecordComponents())
                  .allMatch(component -> component.getType() == Optional.class);
          if (allOptional) {
            // Else the first field that is missing may be named instead.
            JsonNode error = Json.STRICT.readTree(response.body()).get("errors").get(0);
            assertThat(error.get("field").asString()).isEqualTo("no_such_field");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesValuesOfAnotherType() {
    return each(
        EveryRouteTest::hasJson,
        route -> {
          for (RecordComponent component :
              ((Route.Body.Json) route.body()).type().getRecordComponents()) {
            for (String wrong : wrongValues(component.getGenericType())) {
              String body = "{\"" + snakeCase(component.getName()) + "\":" + wrong + "}";
              assertProblem(
                  send(route, path(route, SOME_ID), Optional.of(warren.admin()), body), 400);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesBodiesThatAreTooLarge() {
    return each(
        route -> hasJson(route) || route.body() instanceof Route.Body.Raw,
        route -> {
          int max =
              switch (route.body()) {
                case Route.Body.Json json -> json.bytesMax();
                case Route.Body.Raw raw -> raw.bytesMax();
                case Route.Body.None none -> 0;
              };
          String body = " ".repeat(max + 1);
          assertProblem(send(route, path(route, SOME_ID), Optional.of(warren.admin()), body), 413);
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesBodiesOfAnotherType() {
    return each(
        EveryRouteTest::hasJson,
        route -> {
          HttpRequest request =
              HttpRequest.newBuilder(warren.uri(path(route, SOME_ID)))
                  .header("Authorization", "Bearer " + warren.admin())
                  .header("Content-Type", "text/xml")
                  .method(route.method().name(), BodyPublishers.ofString("<a/>"))
                  .build();
          assertProblem(warren.client().send(request, BodyHandlers.ofString()), 415);
        });
  }

  @TestFactory
  Stream<DynamicTest> saysWhichMethodsThereAre() {
    return each(
        route -> true,
        route -> {
          HttpRequest request =
              HttpRequest.newBuilder(warren.uri(path(route, SOME_ID)))
                  .method("TRACE", BodyPublishers.noBody())
                  .build();
          var response = warren.client().send(request, BodyHandlers.ofString());
          assertProblem(response, 405);
          assertThat(response.headers().firstValue("Allow").orElseThrow())
              .contains(route.method().name());
        });
  }

  @Test
  void theDescriptionKnowsEachRoute() throws Exception {
    JsonNode description =
        Json.STRICT.readTree(warren.send("GET", "/openapi.json", Optional.empty(), "").body());
    for (Route route : warren.controlPlane().routes()) {
      assertThat(
              description
                  .get("paths")
                  .path(route.path())
                  .has(route.method().name().toLowerCase(java.util.Locale.ROOT)))
          .as(route.method() + " " + route.path())
          .isEqualTo(!route.path().startsWith("/internal/"));
    }
    assertThat(description.get("components").get("schemas").has("identity.User")).isTrue();
  }

  private static String path(Route route, String id) {
    return route.path().replaceAll("\\{[^}]+}", id);
  }

  private static List<String> wrongValues(Type type) {
    String name = type.getTypeName();
    List<String> wrong = new ArrayList<>();
    if (name.contains("List<")) {
      wrong.addAll(List.of("1", "\"x\"", "{}"));
    } else if (name.contains("Map<") || name.contains("ObjectNode")) {
      wrong.addAll(List.of("1", "\"x\"", "[1]"));
    } else if (name.contains("String")) {
      wrong.addAll(List.of("1", "true", "{}", "[]"));
    } else if (name.contains("Integer")
        || name.contains("Long")
        || name.equals("int")
        || name.equals("long")) {
      wrong.addAll(List.of("\"1\"", "1.5", "true", "{}", "99999999999999999999"));
    } else if (name.contains("Boolean") || name.equals("boolean")) {
      wrong.addAll(List.of("\"true\"", "1", "{}"));
    } else if (name.contains("UUID") || name.contains("Id")) {
      wrong.addAll(List.of("\"17\"", "17", "{}"));
    }
    return wrong;
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }

  private static HttpResponse<String> send(
      Route route, String path, Optional<String> token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(warren.uri(path))
            .method(
                route.method().name(),
                route.method() == Method.GET || body.isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body));
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return warren.client().send(request.build(), BodyHandlers.ofString());
  }

  private static void assertProblem(HttpResponse<String> response, Integer... statuses) {
    assertThat(response.statusCode()).as(response.body()).isIn((Object[]) statuses);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = Json.STRICT.readTree(response.body());
    assertThat(problem.get("status").asInt()).isEqualTo(response.statusCode());
    assertThat(problem.get("title").asString()).isNotBlank();
    assertThat(problem.get("detail").asString()).isNotBlank();
  }
}
