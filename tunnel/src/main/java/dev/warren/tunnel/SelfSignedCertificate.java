package dev.warren.tunnel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/// The smallest X.509 certificate that TLS takes (RFC 5280, section 4.1), for a P-256 key, signed
/// with itself. Nobody looks at its names or dates: peers pin the key's hash. It is written by hand
/// since the JDK has no public way to make one, and a library for it would weigh more than the
/// daemon.
final class SelfSignedCertificate {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int UTF8_STRING = 0x0c;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int EXPLICIT_0 = 0xa0;

  /// AlgorithmIdentifier of ecdsa-with-SHA256, 1.2.840.10045.4.3.2.
  private static final byte[] ECDSA_SHA256 =
      der(
          SEQUENCE,
          new byte[] {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02});

  /// AttributeType commonName, 2.5.4.3.
  private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};

  private SelfSignedCertificate() {}

  static X509Certificate of(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    byte[] version3 = der(EXPLICIT_0, der(INTEGER, new byte[] {2}));
    byte[] serial = der(INTEGER, BigInteger.ONE.toByteArray());
    byte[] name =
        der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, text("warren node")))));
    byte[] validity =
        der(
            SEQUENCE,
            der(GENERALIZED_TIME, text("20200101000000Z")),
            der(GENERALIZED_TIME, text("99991231235959Z")));
    byte[] content =
        der(SEQUENCE, version3, serial, ECDSA_SHA256, name, validity, name, publicKey.getEncoded());
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(privateKey);
    signer.update(content);
    byte[] certificate =
        der(SEQUENCE, content, ECDSA_SHA256, der(BIT_STRING, new byte[] {0}, signer.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate));
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  /// Tag, length (definite form), value.
  private static byte[] der(int tag, byte[]... values) {
    int length = 0;
    for (byte[] value : values) {
      length += value.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] value : values) {
      out.writeBytes(value);
    }
    return out.toByteArray();
  }
}
