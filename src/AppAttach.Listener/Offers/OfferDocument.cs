namespace AppAttach.Listener.Offers;

/// <summary>Content of <c>offers.json</c>.</summary>
/// <param name="Offers">What is offered on this machine, to anyone, ordered by full name.</param>
internal sealed record OfferDocument(IReadOnlyList<Offer> Offers);
