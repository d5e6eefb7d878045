namespace AppAttach.Api.Ports;

/// <summary>Where a package is to be sent.</summary>
/// <param name="Url">The address: a path of this API that takes the package by PUT, or one elsewhere that holds what is needed to write there.</param>
/// <param name="BlockBytes">
/// The package goes as blocks of so many bytes at most, by Put Block and Put Block List of Azure's Blob service; null: by one PUT.
/// </param>
/// <param name="ExpiresAt">Until when the address holds; null: for good.</param>
public sealed record UploadPlace(string Url, int? BlockBytes = null, DateTimeOffset? ExpiresAt = null);
