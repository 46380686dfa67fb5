package dev.warren.server.identity;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.Caller;
import dev.warren.server.access.Role;
import dev.warren.server.access.UserId;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Users, for administrators; and what everybody may do with himself.
public final class UserRoutes {
  private static final String USERS = Route.API + "/users";

  private final Identity identity;
  private final AuditLog audit;

  public UserRoutes(Identity identity, AuditLog audit) {
    this.identity = identity;
    this.audit = audit;
  }

  record NewUser(String email, String username, Optional<String> password, Optional<Role> role) {
    NewUser {
      Fields.email(email);
      Fields.username(username);
      password.ifPresent(Fields::password);
    }
  }

  record UserPatch(
      Optional<String> email,
      Optional<String> username,
      Optional<String> password,
      Optional<Role> role,
      Optional<Boolean> suspended) {
    UserPatch {
      email.ifPresent(Fields::email);
      username.ifPresent(Fields::username);
      password.ifPresent(Fields::password);
    }

    String changes() {
      return Stream.of(
              email.map(value -> "email " + value),
              username.map(value -> "username " + value),
              password.map(value -> "password"),
              role.map(value -> "role " + value),
              suspended.map(value -> value ? "suspended" : "not suspended"))
          .flatMap(Optional::stream)
          .collect(Collectors.joining(", "));
    }
  }

  /// What a user may change of himself; a new password needs the current one.
  record SelfPatch(
      Optional<String> username, Optional<String> password, Optional<String> currentPassword) {
    SelfPatch {
      username.ifPresent(Fields::username);
      password.ifPresent(Fields::password);
    }
  }

  public List<Route> routes() {
    return List.of(
        Route.get(USERS + "/me", Access.USER, this::me)
            .forWorkspaces()
            .answers(200, User.class)
            .summary("Says who asks"),
        Route.patch(USERS + "/me", Access.USER, this::updateMe)
            .accepts(SelfPatch.class)
            .answers(200, User.class)
            .summary("Changes one's own name or password"),
        Route.get(USERS, Access.AUDITOR, this::list)
            .paged()
            .query("q")
            .answers(200, Page.Of.class)
            .summary("Lists users"),
        Route.post(USERS, Access.ADMIN, this::create)
            .accepts(NewUser.class)
            .answers(201, User.class)
            .summary("Makes a user"),
        Route.get(USERS + "/{id}", Access.AUDITOR, this::show)
            .answers(200, User.class)
            .summary("Shows a user"),
        Route.patch(USERS + "/{id}", Access.ADMIN, this::update)
            .accepts(UserPatch.class)
            .answers(200, User.class)
            .summary("Changes a user, or suspends him"),
        Route.delete(USERS + "/{id}", Access.ADMIN, this::delete)
            .answers(204)
            .summary("Deletes a user who owns nothing"));
  }

  private Response me(Request request) {
    return Response.ok(find(request.caller().id()));
  }

  private Response updateMe(Request request) {
    Caller caller = request.caller();
    SelfPatch patch = request.body(SelfPatch.class);
    if (patch.password().isPresent() && !provesItself(caller, patch)) {
      throw Problems.badInput("current_password", "is not the current password");
    }
    var edit =
        new UserStore.Edit(
            Optional.empty(),
            patch.username(),
            Optional.empty(),
            patch.password().map(identity.passwords()::hash),
            Optional.empty());
    check(identity.update(caller.id(), edit, Optional.of(caller.credential())));
    audit.record(
        caller,
        "user.update",
        "user " + caller.id(),
        patch.password().isPresent() ? "own password" : "own name");
    return Response.ok(find(caller.id()));
  }

  private boolean provesItself(Caller caller, SelfPatch patch) {
    return identity
        .users()
        .findPassword(caller.email())
        .flatMap(UserStore.PasswordOf::passwordHash)
        .filter(hash -> patch.currentPassword().isPresent())
        .filter(hash -> identity.passwords().matches(patch.currentPassword().get(), hash))
        .isPresent();
  }

  private Response list(Request request) {
    Page page = request.page();
    List<User> rows = identity.users().list(page.cursorId(), request.query("q"), page.limit() + 1);
    return Response.ok(page.cut(rows, user -> user.id().toString()));
  }

  private Response create(Request request) {
    NewUser sent = request.body(NewUser.class);
    UserId id = new UserId(UuidV7.next());
    check(
        identity
            .users()
            .insert(
                new UserStore.NewUser(
                    id,
                    sent.email(),
                    sent.username(),
                    sent.role().orElse(Role.MEMBER),
                    sent.password().map(identity.passwords()::hash))));
    audit.record(
        request.caller(),
        "user.create",
        "user " + id,
        sent.username() + ", " + sent.role().orElse(Role.MEMBER));
    return Response.created(find(id));
  }

  private Response show(Request request) {
    return Response.ok(find(new UserId(request.id("id"))));
  }

  private Response update(Request request) {
    UserId id = new UserId(request.id("id"));
    UserPatch patch = request.body(UserPatch.class);
    var edit =
        new UserStore.Edit(
            patch.email(),
            patch.username(),
            patch.role(),
            patch.password().map(identity.passwords()::hash),
            patch.suspended());
    check(identity.update(id, edit, Optional.of(request.caller().credential())));
    audit.record(request.caller(), "user.update", "user " + id, patch.changes());
    return Response.ok(find(id));
  }

  private Response delete(Request request) {
    UserId id = new UserId(request.id("id"));
    check(identity.delete(id));
    audit.record(request.caller(), "user.delete", "user " + id, "");
    return Response.noContent();
  }

  private User find(UserId id) {
    return identity.find(id).orElseThrow(() -> noSuchUser());
  }

  private static RuntimeException noSuchUser() {
    return Problems.notFound("there is no user with this id");
  }

  private static void check(UserStore.Change change) {
    switch (change) {
      case DONE -> {}
      case NO_SUCH_USER -> throw noSuchUser();
      case TAKEN -> throw Problems.conflict("another user has this email or username");
      case LAST_ADMIN ->
          throw Problems.conflict("this is the last administrator; make another one first");
      case OWNS_THINGS ->
          throw Problems.conflict("the user owns chats or workspaces; suspend him instead");
      case NOT_FIRST -> throw Problems.conflict("there is a user already");
    }
  }
}
