using System.Globalization;
using System.Xml.Linq;

namespace AppAttach.Embedded.Bus.Rest;

/// <summary>The body of an error as Azure Service Bus writes it: <c>&lt;Error&gt;&lt;Code&gt;…&lt;/Code&gt;&lt;Detail&gt;…&lt;/Detail&gt;&lt;/Error&gt;</c>.</summary>
internal static class BusErrorResponse
{
    /// <summary>Writes it.</summary>
    /// <param name="response">The response, not begun.</param>
    /// <param name="status">Its status.</param>
    /// <param name="detail">What is wrong.</param>
    /// <returns>A task that completes when it is written.</returns>
    public static Task WriteAsync(HttpResponse response, int status, string detail)
    {
        response.StatusCode = status;
        response.ContentType = "application/xml; charset=utf-8";

        // XML has no place for control characters and half surrogate pairs, which a path may bring.
        var clean = string.Concat(detail.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c >= '\uFFFE' ? '?' : c));
        var error = new XElement(
            "Error", new XElement("Code", status.ToString(CultureInfo.InvariantCulture)), new XElement("Detail", clean));
        return response.WriteAsync(error.ToString(SaveOptions.DisableFormatting));
    }
}
