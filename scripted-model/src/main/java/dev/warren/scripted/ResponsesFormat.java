package dev.warren.scripted;

import tools.jackson.databind.node.ObjectNode;

/// OpenAI's Responses API. Its errors are those of Chat Completions.
final class ResponsesFormat implements ModelFormat {
  private final ChatFormat chat = new ChatFormat();

  @Override
  public String key(HttpRequest request) {
    return chat.key(request);
  }

  @Override
  public Conversation read(HttpRequest request, ObjectNode body) throws BadRequest {
    return new ResponsesCheck(body, request.body().length).conversation();
  }

  @Override
  public String error(int status, String type, String message) {
    return chat.error(status, type, message);
  }

  @Override
  public Encoder encoder(Conversation conversation, EventOut out) {
    return new ResponsesEncoder(conversation.model(), out);
  }
}
