package dev.warren.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// A file of PEM certificates that this process trusts beside those that Java knows: for a control
/// plane whose certificate is of an organization's own authority.
public final class CertificateFile {
  /// The environment variable that names the file.
  public static final String VARIABLE = "WARREN_CA_FILE";

  /// Largest file; the bundle of a whole system has a quarter of this.
  static final int BYTES_MAX = 1024 * 1024;

  private CertificateFile() {}

  /// Makes every TLS connection of this process that says nothing else trust the file that the
  /// environment names; nothing changes when it names none. Called once, before any connection.
  public static void trustNamedIn(Map<String, String> environment) throws IOException {
    Optional<String> named =
        Optional.ofNullable(environment.get(VARIABLE)).filter(value -> !value.isBlank());
    if (named.isPresent()) {
      SSLContext.setDefault(context(Path.of(named.get())));
    }
  }

  /// What trusts the file's certificates and all that Java trusts.
  ///
  /// @throws IOException says what is wrong with the file
  static SSLContext context(Path file) throws IOException {
    try {
      List<Certificate> trusted = trusted(file);
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry(Integer.toString(i), trusted.get(i));
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trustManagers(store), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "%s: cannot use the certificates of %s: %s".formatted(VARIABLE, file, e.getMessage()), e);
    }
  }

  static List<Certificate> trusted(Path file) throws IOException, GeneralSecurityException {
    List<Certificate> trusted = new ArrayList<>(read(file));
    trusted.addAll(knownToJava());
    return trusted;
  }

  private static Collection<? extends Certificate> read(Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IOException(
          "%s: cannot read the file %s: give the path of a file with PEM certificates"
              .formatted(VARIABLE, file.toAbsolutePath()));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(BYTES_MAX + 1);
      if (content.length > BYTES_MAX) {
        throw new IOException(
            "%s: the file %s is larger than %d bytes: give the few certificates that are needed"
                .formatted(VARIABLE, file, BYTES_MAX));
      }
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content));
      if (certificates.isEmpty()) {
        throw noCertificate(file, null);
      }
      return certificates;
    } catch (CertificateException e) {
      throw noCertificate(file, e);
    }
  }

  private static IOException noCertificate(Path file, @Nullable CertificateException cause) {
    return new IOException(
        "%s: the file %s holds something else than PEM certificates (-----BEGIN CERTIFICATE-----): give the authority's certificate, without its key"
            .formatted(VARIABLE, file),
        cause);
  }

  static List<X509Certificate> knownToJava() throws GeneralSecurityException {
    for (TrustManager manager : trustManagers(null)) {
      if (manager instanceof X509TrustManager x509) {
        return List.of(x509.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  /// @param store null: Java's own
  private static TrustManager[] trustManagers(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
