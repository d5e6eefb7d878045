namespace AppAttach.Embedded.Hosting;

/// <summary>The settings of a data folder are wrong; the message says what, for the admin who wrote them.</summary>
internal sealed class SettingsException(string message, Exception? innerException = null) : Exception(message, innerException);
