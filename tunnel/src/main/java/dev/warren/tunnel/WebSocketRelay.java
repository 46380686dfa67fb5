package dev.warren.tunnel;

import dev.warren.protocol.tunnel.AttachProof;
import dev.warren.protocol.tunnel.CloseCode;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.tunnel.TunnelException.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One WebSocket to a relay, from its handshake to its end. On the event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what fails in Netty ends the channel, which is seen
final class WebSocketRelay extends SimpleChannelInboundHandler<WebSocketFrame> {
  /// How a connection ended.
  ///
  /// @param code the relay's close code, or 0 when it said nothing
  record End(boolean wasAttached, int code, String reason) {}

  /// What this node says of itself.
  ///
  /// @param sequence greater at each attach
  record Introduction(
      NodeIdentity identity,
      UUID instance,
      NodeRole role,
      String version,
      Optional<String> token,
      long sequence) {}

  private final Introduction introduction;
  private final AttachListener listener;
  private final RelayAttachment attachment;
  private final Promise<End> end;
  private final Pulse pulse;
  private @Nullable Out path;
  private boolean proved;
  private int code;
  private String reason = "the connection was lost";

  /// @param pulse told of what is sent
  /// @param end completed when the connection has ended
  WebSocketRelay(
      Introduction introduction,
      AttachListener listener,
      RelayAttachment attachment,
      Pulse pulse,
      Promise<End> end) {
    this.introduction = introduction;
    this.listener = listener;
    this.attachment = attachment;
    this.pulse = pulse;
    this.end = end;
  }

  /// Whether the relay has let this node in.
  boolean isAttached() {
    return path != null;
  }

  /// This machine's network has changed.
  void moved() {
    listener.moved();
  }

  /// Why it is about to be cut.
  void lost(String why) {
    reason = why;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame)
      throws TunnelException {
    switch (frame) {
      case BinaryWebSocketFrame binary -> {
        if (path != null) {
          listener.message(binary.content());
        }
      }
      case TextWebSocketFrame text -> coordination(context, Coordination.parse(text.text()));
      case CloseWebSocketFrame close -> {
        code = close.statusCode();
        reason = close.reasonText();
        context.close();
      }
      default -> throw new TunnelException(Stage.RELAY, "the relay sent an unknown frame");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    listener.messagesEnd();
    context.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
      reason = "no answer to the WebSocket handshake";
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    reason =
        cause instanceof WebSocketClientHandshakeException handshake && handshake.response() != null
            ? "the server answered HTTP status %s instead of a WebSocket"
                .formatted(handshake.response().status())
            : "%s: %s".formatted(cause.getClass().getSimpleName(), cause.getMessage());
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Out gone = path;
    path = null;
    if (gone != null) {
      attachment.detached();
      listener.detached(gone);
    }
    end.trySuccess(new End(gone != null, code, reason));
  }

  private void coordination(ChannelHandlerContext context, Coordination frame)
      throws TunnelException {
    switch (frame) {
      case Coordination.Challenge challenge when !proved -> {
        proved = true;
        context.writeAndFlush(new TextWebSocketFrame(answer(challenge).toJson()));
      }
      case Coordination.Attached attached
          when proved && path == null && attached.nodeId().equals(introduction.identity().id()) -> {
        if (attachment.isOver()) {
          context.close();
          return;
        }
        path = new Out(context.channel(), pulse);
        listener.attached(path, attached.direct());
        attachment.attached(path, attached.owner());
      }
      case Coordination.Peers peers when path != null -> listener.coordination(peers);
      case Coordination.Presence presence when path != null -> listener.coordination(presence);
      case Coordination.Meet meet when path != null -> listener.coordination(meet);
      case Coordination.GitAnswer answer when path != null ->
          attachment.questions().answered(answer);
      case Coordination.Restarting restarting when path != null -> {
        code = CloseCode.RESTARTING;
        reason = "the relay is restarting";
      }
      default ->
          throw new TunnelException(
              Stage.RELAY,
              "%s came at the wrong moment".formatted(frame.getClass().getSimpleName()));
    }
  }

  private Coordination.Attach answer(Coordination.Challenge challenge) throws TunnelException {
    byte[] nonce;
    try {
      nonce = Base64.getDecoder().decode(challenge.nonce());
    } catch (IllegalArgumentException e) {
      throw new TunnelException(Stage.RELAY, "the challenge is not base64", e);
    }
    if (nonce.length != AttachProof.NONCE_BYTES) {
      throw new TunnelException(Stage.RELAY, "a challenge of %d bytes".formatted(nonce.length));
    }
    NodeIdentity identity = introduction.identity();
    byte[] signature =
        AttachProof.sign(identity.privateKey(), nonce, challenge.relay(), introduction.instance());
    Base64.Encoder base64 = Base64.getEncoder();
    return new Coordination.Attach(
        base64.encodeToString(identity.publicKey()),
        base64.encodeToString(signature),
        introduction.token(),
        introduction.role(),
        introduction.version(),
        introduction.instance(),
        Optional.of(introduction.sequence()));
  }

  private record Out(Channel channel, Pulse pulse) implements RelayPath {
    @Override
    public boolean isWritable() {
      return channel.isWritable();
    }

    @Override
    public void send(ByteBuf message) {
      pulse.sent(System.nanoTime());
      channel.write(new BinaryWebSocketFrame(message), channel.voidPromise());
    }

    @Override
    public void flush() {
      channel.flush();
    }

    @Override
    public void sendText(String text) {
      channel.writeAndFlush(new TextWebSocketFrame(text), channel.voidPromise());
    }

    @Override
    public Optional<InetAddress> host() {
      return channel.remoteAddress() instanceof InetSocketAddress address
          ? Optional.ofNullable(address.getAddress())
          : Optional.empty();
    }
  }
}
